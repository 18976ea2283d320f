namespace Trunkline.ApiServer.Validation.Decoding;

/// <summary>A named field of a struct.</summary>
public sealed record FieldSchema(string Name, ValueSchema Value, Presence Presence);
