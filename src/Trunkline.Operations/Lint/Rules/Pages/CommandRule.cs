using System.Text.RegularExpressions;
using Trunkline.Operations.Lint.Context;
using Trunkline.Operations.Lint.Fixes;
using Trunkline.Operations.Lint.Sources;

namespace Trunkline.Operations.Lint.Rules.Pages;

/// <summary>SCTP038, SCTP039, SCTP040, SCTP041: commands that do not do what they seem to.</summary>
internal sealed partial class CommandRule : IFileRule
{
    public void Check(LintFile file, LintContext context, LintReport report)
    {
        if (!file.IsAboutSctp)
        {
            return;
        }

        foreach (var line in file.Shell.Where(line => !line.IsOutput))
        {
            Create(file, line, report);
            Flag(file, line, report);
            if (line.Heredoc is { } heredoc)
            {
                Append(file, line, heredoc, report);
                Form(file, line, heredoc, report);
            }
        }
    }

    private static void Create(LintFile file, ShellLine line, LintReport report)
    {
        var match = CreateFile().Match(line.Text);
        if (match.Success && !file.Source.Text.Contains("generateName", StringComparison.Ordinal))
        {
            // Flags that only create has would be refused by apply.
            report.Add("SCTP038", file, line, "create fails when it is run again", "use apply", OnlyCreates().IsMatch(line.Text) ? [] : Edit(line, match.Groups["verb"], "apply"));
        }
    }

    private static void Flag(LintFile file, ShellLine line, LintReport report)
    {
        var match = OutputFlag().Match(line.Text);
        if (match.Success)
        {
            var word = match.Groups["word"].Value;
            report.Add("SCTP041", file, line, $"-{word} is no flag: kubectl reads it as -{string.Join(" -", word.ToCharArray())} (unknown shorthand flag)", $"use -o {word}", Edit(line, match.Groups["word"], $"o {word}"));
        }
    }

    private static void Append(LintFile file, ShellLine line, Heredoc heredoc, LintReport report)
    {
        var match = Appending().Match(line.Text);
        if (match.Success && heredoc.Body.Text.Contains("apiVersion", StringComparison.Ordinal) && match.Groups["file"].Value is var name && (name.EndsWith(".yaml", StringComparison.Ordinal) || name.EndsWith(".yml", StringComparison.Ordinal) || name.EndsWith(".json", StringComparison.Ordinal)))
        {
            report.Add("SCTP039", file, line, $"{match.Groups["append"].Value.Trim()} appends: run again, {name} holds the manifest twice without --- between", $"cat <<'{heredoc.Word}' > {name}", match.Groups["append"].Value[0] == '-' ? Edit(line, match.Groups["append"], "") : Edit(line, match.Groups["append"], match.Groups["append"].Index > 0 && !char.IsWhiteSpace(line.Text[match.Groups["append"].Index - 1]) ? " >" : ">"));
        }
    }

    private static void Form(LintFile file, ShellLine line, Heredoc heredoc, LintReport report)
    {
        if (line.Fence is { Label: "yaml" or "yml" or "json" } fence)
        {
            var start = file.Source.Start(fence.Open);
            var label = file.Source.Line(fence.Open).IndexOf(fence.Label, StringComparison.OrdinalIgnoreCase);
            report.Add("SCTP040", file, line, $"this fence is labelled {fence.Label} and holds a command: what is highlighted, copied or checked as YAML is none", "label it bash",
                label >= 0 ? [new TextEdit(start + label, start + label + fence.Label.Length, "bash")] : []);
        }

        if (!heredoc.IsEnded)
        {
            report.Add("SCTP040", file, line, $"nothing ends this heredoc: {heredoc.Word} stands alone on no line", $"end it by a line {heredoc.Word}");
        }
        else if (heredoc.EndIndent > 0 && !heredoc.StripsTabs)
        {
            var end = heredoc.EndOffset;
            var (from, to) = (line.Region.InFile(end - heredoc.EndIndent), line.Region.InFile(end));
            report.Add("SCTP040", file, to, to + heredoc.Word.Length, $"an indented {heredoc.Word} does not end a heredoc", "write it at the first column", [new TextEdit(from, to, "")]);
        }
        else if (!heredoc.IsQuoted && heredoc.Body.Text.AsSpan().ContainsAny('$', '`'))
        {
            report.Add("SCTP040", file, line, "the shell expands $ and ` within this heredoc", $"quote the word: <<'{heredoc.Word}', unless that is meant");
        }
    }

    private static TextEdit[] Edit(ShellLine line, Group part, string text) => part.Index + part.Length <= line.FirstLength
        ? [new TextEdit(line.Region.InFile(line.Offset + part.Index), line.Region.InFile(line.Offset + part.Index + part.Length), text)]
        : [];

    [GeneratedRegex(@"\b(?:oc|kubectl)\b(?:\s+(?:-n|--namespace|--context)[ =]\S+)*\s+(?<verb>create)\s+(?:\S+\s+)*?(?:-f|--filename)\b", RegexOptions.CultureInvariant)]
    private static partial Regex CreateFile();

    [GeneratedRegex(@"--(?:save-config|edit|raw|template)\b", RegexOptions.CultureInvariant)]
    private static partial Regex OnlyCreates();

    [GeneratedRegex(@"\b(?:oc|kubectl)\s+(?:\S+\s+)*?get\s.*?\s-(?<word>wide|yaml|json|name)(?=\s|$)", RegexOptions.CultureInvariant)]
    private static partial Regex OutputFlag();

    [GeneratedRegex(@"(?<append>>>|(?<=\btee\s+)-a\s+)\s*(?<file>[^\s<>|&;]+)", RegexOptions.CultureInvariant)]
    private static partial Regex Appending();
}
