namespace Trunkline.Operations.Manifests;

/// <summary>A position in a text.</summary>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column, from 1, in UTF-16 units.</param>
/// <param name="Offset">The offset in the text, from 0, in UTF-16 units.</param>
public readonly record struct ManifestMark(int Line, int Column, int Offset);
