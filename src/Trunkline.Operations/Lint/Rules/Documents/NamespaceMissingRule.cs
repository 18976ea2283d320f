using Trunkline.Operations.Cluster;
using Trunkline.Operations.Lint.Context;
using Trunkline.Operations.Lint.Documents;

namespace Trunkline.Operations.Lint.Rules.Documents;

/// <summary>SCTP010: an object about SCTP that names no namespace.</summary>
internal sealed class NamespaceMissingRule : IDocumentRule
{
    public void Check(LintDocument document, LintContext context, LintReport report)
    {
        if (document.Namespace is not null || document.Live is not null || document.IsHelm || !IsNamespaced(document, context) || !document.IsSctp)
        {
            return;
        }

        report.Add("SCTP010", document, document.Metadata?.Entry("name")?.Value ?? document.Metadata ?? document.Root,
            $"{document.Title} names no namespace: it lands in whatever project is current", "write metadata.namespace");
    }

    private static bool IsNamespaced(LintDocument document, LintContext context) =>
        context.Workload(document) is not null || context.Service(document) is not null || ResourceKinds.Of(document.ApiVersion, document.Kind) is { Namespaced: true };
}
