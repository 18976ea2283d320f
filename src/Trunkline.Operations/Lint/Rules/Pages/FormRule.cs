using System.Text.RegularExpressions;
using Trunkline.Operations.Lint.Context;
using Trunkline.Operations.Lint.Fixes;
using Trunkline.Operations.Lint.Sources;

namespace Trunkline.Operations.Lint.Rules.Pages;

/// <summary>SCTP042: the form of a page.</summary>
internal sealed partial class FormRule : IFileRule
{
    private const int ShortestName = 7;

    public void Check(LintFile file, LintContext context, LintReport report)
    {
        if (file.Page is not { } page || !file.IsAboutSctp)
        {
            return;
        }

        Prompts(file, report);
        Fences(file, page, report);
        Names(file, page, report);
        NeverApplied(file, context, report);
        foreach (var line in page.Prose.Where(line => Claim().IsMatch(page.Source.Line(line))))
        {
            report.AddLine("SCTP042", file, line, "SCTP is not bound to ClusterIP and NodePort: headless and LoadBalancer Services carry it as well", "say which one the page uses, not that it must be");
        }
    }

    private static void Prompts(LintFile file, LintReport report)
    {
        foreach (var block in file.Shell.Where(line => line.Fence is { Label: not ("console" or "terminal" or "shell-session" or "shellsession") }).GroupBy(line => line.Fence))
        {
            var prompts = block.Where(line => line.Prompt is not null).ToList();
            if (prompts.Count == 0)
            {
                continue;
            }

            var transcript = prompts[0].IsInTranscript;
            var start = Shown(file, prompts[0]);
            report.Add("SCTP042", file, start, prompts[0].InFile, $"the prompt {prompts[0].Prompt} stands within code and is copied with it", transcript ? "label the fence console" : "leave the prompt out",
                transcript ? [] : [.. prompts.Select(line => new TextEdit(Shown(file, line), line.InFile, ""))]);
        }
    }

    private static int Shown(LintFile file, ShellLine line)
    {
        var start = file.Source.Start(line.FileLine);
        var text = file.Source.Line(line.FileLine);
        return start + text.Length - text.TrimStart().Length;
    }

    private static void Fences(LintFile file, MarkdownPage page, LintReport report)
    {
        foreach (var line in page.StrayFences)
        {
            var closes = !page.Fences.Any(fence => fence.Open == line) && line + 1 < page.Source.LineCount;
            report.AddLine("SCTP042", file, line, closes ? "this fence closes nothing, so that all fences after it are turned inside out" : "this fence is never closed", closes ? "take the line away" : "close it",
                closes ? [new TextEdit(page.Source.Start(line), page.Source.Start(line + 1), "")] : []);
        }
    }

    private static void Names(LintFile file, MarkdownPage page, LintReport report)
    {
        var names = file.Documents.Select(document => document.Name).OfType<string>().Where(name => name.Length >= ShortestName).ToHashSet(StringComparer.Ordinal);
        if (names.Count == 0)
        {
            return;
        }

        foreach (var line in page.Prose)
        {
            foreach (Match word in Word().Matches(page.Source.Line(line)))
            {
                if (word.Length >= ShortestName && !names.Contains(word.Value) && names.FirstOrDefault(name => IsMisspelt(word.Value, name)) is { } name)
                {
                    var start = page.Source.Start(line) + word.Index;
                    report.Add("SCTP042", file, start, start + word.Length, $"{word.Value} is no object of this page; {name} is", $"write {name}", [new TextEdit(start, start + word.Length, name)]);
                }
            }
        }
    }

    /// <summary>Whether two neighbouring letters are swapped, one is another, or one is missing; what is only added (a plural, a hyphen) may be meant.</summary>
    private static bool IsMisspelt(string word, string name)
    {
        var same = 0;
        while (same < word.Length && same < name.Length && word[same] == name[same])
        {
            same++;
        }

        var left = word.AsSpan(same);
        var right = name.AsSpan(same);
        if (left.Length == right.Length && left.Length > 1)
        {
            return (left[0] == right[1] && left[1] == right[0] && left[2..].SequenceEqual(right[2..])) || (left[1..].SequenceEqual(right[1..]) && char.IsAsciiLetter(left[0]) && char.IsAsciiLetter(right[0]));
        }

        return left.Length + 1 == right.Length && left.Length > 0 && same > 0 && left.SequenceEqual(right[1..]) && char.IsAsciiLetter(right[0]);
    }

    private static void NeverApplied(LintFile file, LintContext context, LintReport report)
    {
        var applied = file.Shell.Where(line => !line.IsOutput && Applies().IsMatch(line.Text)).Select(line => line.InFile).DefaultIfEmpty(-1).Max();
        if (file.Shell.Any(line => !line.IsOutput) && file.Documents.FirstOrDefault(document => context.Policy(document) is not null && document.Chunk?.Fence?.Content == FenceContent.Manifests && PageFacts.At(document) > applied) is { } document)
        {
            report.Add("SCTP042", document, document.Root.Entry("kind")?.Key, $"{document.Title} is shown and never applied", "add the command: oc apply -f FILE");
        }
    }

    [GeneratedRegex(@"(?=.*ClusterIP)(?=.*NodePort)(?!.*(?:LoadBalancer|headless))(?:.*\b(?:must|only|has to|needs to)\b|.*(?:해야|만\s|만을))", RegexOptions.CultureInvariant)]
    private static partial Regex Claim();

    [GeneratedRegex("[A-Za-z][A-Za-z0-9-]*", RegexOptions.CultureInvariant)]
    private static partial Regex Word();

    [GeneratedRegex(@"\b(?:apply|create|replace)\b|trunkline\s+policy", RegexOptions.CultureInvariant)]
    private static partial Regex Applies();
}
