namespace Trunkline.Operations.Findings;

/// <summary>A place in a file.</summary>
/// <param name="File">The file as it was named by whoever asked; <c>-</c> for standard input.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column, from 1, in characters.</param>
/// <param name="EndLine">The line of the end; <paramref name="Line"/> when it is one line.</param>
/// <param name="EndColumn">The column after the last character.</param>
public sealed record Place(string File, int Line, int Column, int EndLine, int EndColumn);
