using Trunkline.Operations.Lint.Context;
using Trunkline.Operations.Lint.Documents;

namespace Trunkline.Operations.Lint.Rules.Policies;

/// <summary>SCTP013: only the own namespace is let in, in front of a Service that is reached from outside.</summary>
internal sealed class DenyBreaksNodePortRule : IDocumentRule
{
    public void Check(LintDocument document, LintContext context, LintReport report)
    {
        if (context.Policy(document) is not { IsolatesIngress: true } policy || policy.Ingress.Count == 0 || !policy.Ingress.All(rule => rule.Peers.Count > 0 && rule.Peers.All(PolicyRuleFacts.IsOwnNamespace)))
        {
            return;
        }

        // Whoever is let in from elsewhere on a port that is served has been thought of.
        if (context.Selected(policy).FirstNotOpened is { } pod && context.InFrontOf(pod).First(service => service.IsOutward && service.HasSctp) is var service)
        {
            report.Add("SCTP013", document, document.Spec?.Entry("ingress")?.Key ?? document.Spec,
                $"{document.Title} lets only its own namespace reach {pod.Document.Title}, which {service.Document.Title} ({service.Type}) offers to the outside: clients from there, the router and monitoring are cut off",
                "add an ipBlock for them, or namespaceSelectors with policy-group.network.openshift.io/ingress or /host-network");
        }
    }
}
