namespace Trunkline.Operations.Lint.Fixes;

/// <summary>A part of a file that is replaced by another text; all else stays as it is, to the byte.</summary>
/// <param name="Start">Its first character in the file.</param>
/// <param name="End">The place after its last; <paramref name="Start"/> for an insertion.</param>
/// <param name="Text">What stands there instead.</param>
public readonly record struct TextEdit(int Start, int End, string Text);
