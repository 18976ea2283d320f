using Trunkline.Operations.Findings;
using Trunkline.Operations.Lint.Catalogue;
using Trunkline.Operations.Lint.Documents;
using Trunkline.Operations.Lint.Fixes;
using Trunkline.Operations.Lint.Sources;
using Trunkline.Operations.Manifests;

namespace Trunkline.Operations.Lint;

/// <summary>Where rules put what they find.</summary>
public sealed class LintReport
{
    private readonly List<LintFinding> _findings = [];

    /// <summary>What was found, in the order in which it was.</summary>
    public IReadOnlyList<LintFinding> Findings => _findings;

    /// <summary>Adds a finding at a value of a document; its title and spelling of the place are the document's.</summary>
    public void Add(string rule, LintDocument document, ManifestNode? at, string message, string? fix = null, IReadOnlyList<TextEdit>? edits = null, Severity? severity = null)
    {
        var finding = new Finding(rule, severity ?? RuleCatalogue.Find(rule)!.Info.Severity, message) { Subject = document.Name is null ? null : document.Title, Fix = fix };
        if (document.Chunk is not { Region: var region } || document.File is not { } file)
        {
            var origin = document.Live?.Origin;
            _findings.Add(new LintFinding(origin is null ? finding : finding with { Evidence = [$"in {origin}"] }, null, 0, []));
            return;
        }

        var node = at ?? document.Root;
        var (start, end) = (region.InFile(node.Start), region.InFile(node.ContentEnd()));
        _findings.Add(new LintFinding(finding with { Place = file.Source.Place(start, end) }, file, start, edits ?? []));
    }

    /// <summary>Adds a finding at a part of a file.</summary>
    public void Add(string rule, LintFile file, int start, int end, string message, string? fix = null, IReadOnlyList<TextEdit>? edits = null, Severity? severity = null) =>
        _findings.Add(new LintFinding(new Finding(rule, severity ?? RuleCatalogue.Find(rule)!.Info.Severity, message) { Place = file.Source.Place(start, end), Fix = fix }, file, start, edits ?? []));

    /// <summary>Adds a finding at a line (from 0) of a file, without its leading spaces.</summary>
    public void AddLine(string rule, LintFile file, int line, string message, string? fix = null, IReadOnlyList<TextEdit>? edits = null)
    {
        var text = file.Source.Line(line);
        var start = file.Source.Start(line);
        Add(rule, file, start + text.Length - text.TrimStart().Length, start + text.TrimEnd().Length, message, fix, edits);
    }

    /// <summary>Adds a finding at a command, or at a part of its first line.</summary>
    public void Add(string rule, LintFile file, ShellLine line, string message, string? fix = null, IReadOnlyList<TextEdit>? edits = null) =>
        Add(rule, file, line.InFile, line.Region.InFile(line.Offset + line.FirstLength), message, fix, edits);
}
