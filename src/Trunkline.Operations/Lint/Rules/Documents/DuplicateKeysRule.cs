using Trunkline.Operations.Lint.Catalogue;
using Trunkline.Operations.Lint.Context;
using Trunkline.Operations.Lint.Documents;
using Trunkline.Operations.Manifests;

namespace Trunkline.Operations.Lint.Rules.Documents;

/// <summary>A key that stands twice in a mapping (SCTP000); at the top of an object it is two documents that were run together (SCTP039).</summary>
internal sealed class DuplicateKeysRule : IDocumentRule
{
    private const int MostNodes = 200_000;

    public void Check(LintDocument document, LintContext context, LintReport report)
    {
        var open = new Stack<ManifestNode>([document.Root]);
        for (var seen = 0; open.Count > 0 && seen < MostNodes; seen++)
        {
            var node = open.Pop();
            if (node.Entries is { } entries && Twice(entries) is { } key)
            {
                var together = node == document.Root && key.Text is "apiVersion" or "kind" or "metadata";
                if (together)
                {
                    report.Add("SCTP039", document, key, $"{key.Text} stands twice in one document: two manifests were run together without ---, as `cat >> file` does", "write --- between them, or write the file with >");
                }
                else
                {
                    report.Add(RuleCatalogue.Unreadable, document, key, $"the key {key.Text} stands twice; kubectl refuses that, and others take the last", "keep one of them");
                }
            }

            foreach (var child in node.Items ?? [])
            {
                open.Push(child);
            }

            foreach (var entry in node.Entries ?? [])
            {
                open.Push(entry.Value);
            }
        }
    }

    private static ManifestNode? Twice(IReadOnlyList<ManifestEntry> entries)
    {
        if (entries.Count < 2)
        {
            return null;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        return entries.FirstOrDefault(entry => !entry.Merged && !seen.Add(entry.Key.Text!))?.Key;
    }
}
