using Trunkline.Operations.Lint.Context;
using Trunkline.Operations.Lint.Documents;
using Trunkline.Operations.Lint.Fixes;
using Trunkline.Operations.Manifests;

namespace Trunkline.Operations.Lint.Rules.Documents;

/// <summary>SCTP001: spec indented under metadata.</summary>
internal sealed class SpecUnderMetadataRule : IDocumentRule
{
    public void Check(LintDocument document, LintContext context, LintReport report)
    {
        if (document.Metadata?.Entry("spec") is not { Value.Entries: not null } spec || document.Root.Entry("spec") is not null)
        {
            return;
        }

        var consequence = document.Kind == "NetworkPolicy"
            ? "; without strict validation it is stored with an empty spec, which denies all ingress to all Pods of the namespace"
            : "; without strict validation its spec is dropped";
        report.Add("SCTP001", document, spec.Key, $"{document.Title} has its spec under metadata: kubectl refuses it (unknown field \"metadata.spec\"){consequence}",
            "move spec to the first column, beside metadata", Dedent(document, spec));
    }

    // Only a spec that comes last under metadata can be moved out by its indentation alone.
    private static List<TextEdit> Dedent(LintDocument document, ManifestEntry spec)
    {
        if (document.Chunk is not { Region: { Source: var source } region } || spec.Value.IsFlow || document.Metadata!.IsFlow || document.Metadata.Entries![^1] != spec
            || document.Root.Entry("metadata") is not { Key: var metadata })
        {
            return [];
        }

        var (first, last) = (source.LineOf(region.InFile(spec.Key.Start)), source.LineOf(Math.Max(region.InFile(spec.Key.Start), region.InFile(spec.Value.ContentEnd()) - 1)));
        var outdent = spec.Key.Start.Column - metadata.Start.Column;
        var edits = new List<TextEdit>();
        for (var line = first; line <= last; line++)
        {
            var text = source.Line(line);
            if (text.AsSpan().Trim().Length == 0)
            {
                continue;
            }

            var start = source.Start(line);
            if (outdent <= 0 || text.Length < outdent || text.AsSpan(0, outdent).ContainsAnyExcept(' '))
            {
                return [];
            }

            edits.Add(new TextEdit(start, start + outdent, ""));
        }

        return edits;
    }
}
