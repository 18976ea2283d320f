using System.Text.RegularExpressions;

namespace Trunkline.Operations.Lint.Sources;

/// <summary>A Markdown page: its fences, headings and prose. Lines count from 0.</summary>
public sealed partial class MarkdownPage
{
    private MarkdownPage(SourceText source) => Source = source;

    /// <summary>The page's text.</summary>
    public SourceText Source { get; }

    /// <summary>The fenced code blocks, in their order.</summary>
    public IReadOnlyList<Fence> Fences { get; private set; } = [];

    /// <summary>Opening fences that nothing closes before the next one opens, or at all.</summary>
    public IReadOnlyList<int> StrayFences { get; private set; } = [];

    /// <summary>The lines that stand in no fence, headings among them, blank ones not.</summary>
    public IReadOnlyList<int> Prose { get; private set; } = [];

    /// <summary>Reads a page. Fences may be indented to any depth (they stand in lists), which CommonMark allows within list items.</summary>
    public static MarkdownPage Read(SourceText source)
    {
        var page = new MarkdownPage(source);
        var (fences, stray, prose) = (new List<Fence>(), new List<int>(), new List<int>());
        Fence? open = null;
        var (mark, length) = ('`', 0);
        for (var line = 0; line < source.LineCount; line++)
        {
            var text = source.Line(line);
            var match = FenceLine().Match(text);
            var run = match.Groups["run"].Value;
            var info = match.Groups["info"].Value.Trim();
            if (open is null && match.Success && !(run[0] == '`' && info.Contains('`', StringComparison.Ordinal)))
            {
                (open, mark, length) = (new Fence(line, source.LineCount, match.Groups["indent"].Length, Label(info)), run[0], run.Length);
            }
            else if (open is not null && match.Success && run[0] == mark && run.Length >= length && info.Length == 0)
            {
                fences.Add(open with { Close = line });
                open = null;
            }
            else if (open is { Label: "" } && match.Success && run[0] == mark && run.Length == length && Label(info).Length > 0)
            {
                // A labelled fence never closes another: the unlabelled one before it was meant to close what was closed already.
                stray.Add(open.Open);
                prose.AddRange(Enumerable.Range(open.Open + 1, line - open.Open - 1).Where(between => source.Line(between).AsSpan().Trim().Length > 0));
                (open, length) = (new Fence(line, source.LineCount, match.Groups["indent"].Length, Label(info)), run.Length);
            }
            else if (open is null && text.AsSpan().Trim().Length > 0)
            {
                prose.Add(line);
            }
        }

        if (open is not null)
        {
            stray.Add(open.Open);
            fences.Add(open);
        }

        foreach (var fence in fences)
        {
            fence.Content = FenceClassifier.Classify(source, fence);
        }

        (page.Fences, page.StrayFences, page.Prose) = (fences, stray, prose);
        return page;
    }

    /// <summary>Whether a line is a heading.</summary>
    public bool IsHeading(int line) => Heading().IsMatch(Source.Line(line));

    /// <summary>The first line of the section in which a line stands: its heading, or 0.</summary>
    public int SectionStart(int line) => Prose.Where(prose => prose <= line && IsHeading(prose)).DefaultIfEmpty(0).Last();

    /// <summary>The line of the next heading after a line, or the page's end.</summary>
    public int SectionEnd(int line) => Prose.Where(prose => prose > line && IsHeading(prose)).DefaultIfEmpty(Source.LineCount).First();

    private static string Label(string info) => info.Split([' ', ',', '{', '}'], 2, StringSplitOptions.RemoveEmptyEntries) is [var word, ..] ? word.ToLowerInvariant() : "";

    [GeneratedRegex("^(?<indent> *)(?<run>`{3,}|~{3,})(?<info>.*)$", RegexOptions.CultureInvariant)]
    private static partial Regex FenceLine();

    [GeneratedRegex("^ {0,3}#{1,6} ", RegexOptions.CultureInvariant)]
    private static partial Regex Heading();
}
