namespace Trunkline.Operations.Lint.Sources;

/// <summary>A fenced code block of a Markdown page. Lines count from 0.</summary>
/// <param name="Open">The line of the opening fence.</param>
/// <param name="Close">The line of the closing fence, or the line after the page's last.</param>
/// <param name="Indent">How far the opening fence is indented.</param>
/// <param name="Label">The first word of its info string, in small letters.</param>
public sealed record Fence(int Open, int Close, int Indent, string Label)
{
    /// <summary>What it holds.</summary>
    public FenceContent Content { get; set; } = FenceContent.Other;
}
