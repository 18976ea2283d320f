namespace Trunkline.ApiServer.Protobuf;

/// <summary>One field of a message.</summary>
/// <param name="Name">Its JSON name; null when its own fields stand in the outer object.</param>
/// <param name="Type">A scalar, one of the API's own notations (time, quantity, …), or a message's name.</param>
/// <param name="Repeated">Whether it is a list.</param>
/// <param name="Map">Whether it is a map from strings.</param>
/// <param name="KeepZero">Whether a zero value is written all the same.</param>
internal sealed record ProtobufField(string? Name, string Type, bool Repeated, bool Map, bool KeepZero);
