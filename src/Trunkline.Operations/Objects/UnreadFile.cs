namespace Trunkline.Operations.Objects;

/// <summary>A file of an archive that could not be read as objects.</summary>
/// <param name="File">Its path in the archive.</param>
/// <param name="Why">Why not, with the place.</param>
public sealed record UnreadFile(string File, string Why);
