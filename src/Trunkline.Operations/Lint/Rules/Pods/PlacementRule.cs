using Trunkline.Operations.Lint.Context;
using Trunkline.Operations.Lint.Documents;

namespace Trunkline.Operations.Lint.Rules.Pods;

/// <summary>SCTP035: where Pods may land.</summary>
internal sealed class PlacementRule : IDocumentRule
{
    public void Check(LintDocument document, LintContext context, LintReport report)
    {
        if (context.Workload(document) is not { IsUnplaced: true } workload || !document.IsSctp || document.IsDerived)
        {
            return;
        }

        if (context.NodesWithoutModule is { Count: > 0 } bare && workload.SctpPorts.Count > 0)
        {
            report.Add("SCTP035", document, workload.Spec, $"{document.Title} may land on a node without SCTP ({string.Join(", ", bare.Take(3))})", "add a nodeSelector for the pool that loads the module");
        }
        else if (document.Kind == "Pod" && workload.SctpPorts.Count == 0 && document.Live is null
            && context.UnplacedServer(LintContext.Key(document)) is { } server)
        {
            report.Add("SCTP035", document, document.Root.Entry("spec")?.Key, $"{document.Title} and {server.Document.Title} may land on one node: the test then never crosses the network between nodes",
                "add podAntiAffinity, or a nodeSelector to each");
        }
    }
}
