namespace Trunkline.Operations.Lint.Sources;

/// <summary>A heredoc of a shell command.</summary>
/// <param name="Word">The word that ends it.</param>
/// <param name="WordOffset">Where that word stands in the command.</param>
/// <param name="IsQuoted">Whether the word is quoted, so that nothing in the body is expanded.</param>
/// <param name="Body">The body, without the indentation of its first line where the end word has the same.</param>
/// <param name="IsEnded">Whether the end word stands alone on a line.</param>
/// <param name="EndIndent">How far the end word is indented within its block.</param>
/// <param name="StripsTabs">Whether it is <c>&lt;&lt;-</c>, which takes leading tabs (and only tabs) off.</param>
/// <param name="EndOffset">Where in the region the end word stands.</param>
public sealed record Heredoc(string Word, int WordOffset, bool IsQuoted, TextRegion Body, bool IsEnded, int EndIndent, bool StripsTabs, int EndOffset);
