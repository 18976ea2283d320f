using System.Text.RegularExpressions;
using Trunkline.Operations.Lint.Catalogue;
using Trunkline.Operations.Lint.Sources;

namespace Trunkline.Operations.Lint.Silencing;

/// <summary>
/// Comments that silence rules: <c># trunkline-lint: ignore SCTP009 reason</c> for the document (between <c>---</c> lines) or the fence in which it stands,
/// <c>ignore-file</c> for the whole file; in Markdown's prose <c>&lt;!-- trunkline-lint: ignore SCTP009 reason --&gt;</c> is for the whole page.
/// </summary>
internal sealed partial class SilenceComments
{
    private readonly List<(string Rule, int Start, int End)> _silenced = [];

    private SilenceComments()
    {
    }

    /// <summary>Reads the comments of a file; those that are wrong are findings.</summary>
    public static SilenceComments Read(LintFile file, LintReport report)
    {
        var made = new SilenceComments();
        if (!file.Source.Text.Contains("trunkline-lint:", StringComparison.Ordinal))
        {
            return made;
        }

        foreach (Match comment in Comment().Matches(file.Source.Text))
        {
            made.Add(file, comment, report);
        }

        return made;
    }

    /// <summary>Whether a finding is silenced.</summary>
    public bool Covers(LintFinding finding) => _silenced.Exists(one => one.Rule == finding.Finding.Rule && finding.Offset >= one.Start && finding.Offset <= one.End);

    private void Add(LintFile file, Match comment, LintReport report)
    {
        var reason = comment.Groups["reason"].Value.Replace("-->", "", StringComparison.Ordinal).Trim();
        var rules = comment.Groups["rules"].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var unknown = rules.FirstOrDefault(rule => RuleCatalogue.Find(rule) is null);
        var wrong = comment.Groups["verb"].Value is not ("ignore" or "ignore-file") ? "after trunkline-lint: stands ignore or ignore-file"
            : rules.Length == 0 ? "it names no rule"
            : unknown is not null ? $"there is no rule {unknown}"
            : reason.Length == 0 ? "it gives no reason"
            : null;
        if (wrong is not null)
        {
            report.Add(RuleCatalogue.Unreadable, file, comment.Index, comment.Index + comment.Length, $"this comment silences nothing: {wrong}", "# trunkline-lint: ignore SCTP009 because of …");
            return;
        }

        var (start, end) = comment.Groups["verb"].Value == "ignore-file" ? (0, file.Source.Text.Length) : Reach(file, comment.Index);
        _silenced.AddRange(rules.Select(rule => (RuleCatalogue.Find(rule)!.Info.Id, start, end)));
    }

    private static (int Start, int End) Reach(LintFile file, int offset)
    {
        foreach (var chunk in file.Chunks)
        {
            var (start, end) = (chunk.Region.InFile(0), chunk.Region.InFile(chunk.Region.Text.Length));
            if (offset >= start && offset <= end)
            {
                return (start, end);
            }
        }

        var line = file.Source.LineOf(offset);
        return file.Page?.Fences.FirstOrDefault(fence => line > fence.Open && line < fence.Close) is { } found
            ? (file.Source.Start(found.Open), file.Source.Start(Math.Min(found.Close, file.Source.LineCount - 1)))
            : (0, file.Source.Text.Length);
    }

    [GeneratedRegex(@"(?:\#|//|<!--)[ \t]*trunkline-lint:[ \t]*(?<verb>[\w-]*)[ \t]*(?<rules>(?:[\w-]+(?:[ \t]*,[ \t]*[\w-]+)*)?)(?<reason>[^\r\n]*)", RegexOptions.CultureInvariant)]
    private static partial Regex Comment();
}
