using Trunkline.Operations.Lint.Context;
using Trunkline.Operations.Lint.Fixes;
using Trunkline.Operations.Lint.Sources;

namespace Trunkline.Operations.Lint.Rules.Documents;

/// <summary>SCTP023: "..." within a document.</summary>
internal sealed class EllipsisRule : IFileRule
{
    public void Check(LintFile file, LintContext context, LintReport report)
    {
        foreach (var chunk in file.Chunks)
        {
            foreach (var offset in chunk.Ellipses)
            {
                var at = chunk.Region.InFile(offset);
                report.Add("SCTP023", file, at, at + 3, "\"...\" ends a YAML document: kubectl reads nothing of what follows it",
                    "write what was left out, or a comment: # ...", [new TextEdit(at, at, "# ")]);
            }
        }
    }
}
