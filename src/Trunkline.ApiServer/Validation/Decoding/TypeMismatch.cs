namespace Trunkline.ApiServer.Validation.Decoding;

/// <summary>A value of a custom resource that is not of the type its schema names.</summary>
/// <param name="Path">Where, with indices: <c>spec.paused</c>.</param>
/// <param name="Expected">The schema's type: boolean, integer, string, object, array.</param>
/// <param name="Actual">The type of what was sent.</param>
public sealed record TypeMismatch(string Path, string Expected, string Actual);
