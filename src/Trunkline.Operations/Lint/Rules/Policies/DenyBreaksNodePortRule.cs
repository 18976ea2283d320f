using Trunkline.Operations.Lint.Context;
using Trunkline.Operations.Lint.Documents;
using Trunkline.Operations.Manifests;

namespace Trunkline.Operations.Lint.Rules.Policies;

/// <summary>SCTP013: only the own namespace is let in, in front of a Service that is reached from outside.</summary>
internal sealed class DenyBreaksNodePortRule : IDocumentRule
{
    public void Check(LintDocument document, LintContext context, LintReport report)
    {
        if (context.Policy(document) is not { IsolatesIngress: true } policy || policy.Ingress.Count == 0 || !policy.Ingress.All(rule => rule.Peers.Count > 0 && rule.Peers.All(IsOwnNamespace)))
        {
            return;
        }

        foreach (var pod in context.Selected(policy).Where(pod => pod.SctpPorts.Count > 0))
        {
            if (context.InFrontOf(pod).FirstOrDefault(service => service.IsOutward && service.HasSctp) is { } service && !IsOpenedElsewhere(policy, pod, context))
            {
                report.Add("SCTP013", document, document.Spec?.Entry("ingress")?.Key ?? document.Spec,
                    $"{document.Title} lets only its own namespace reach {pod.Document.Title}, which {service.Document.Title} ({service.Type}) offers to the outside: clients from there, the router and monitoring are cut off",
                    "add an ipBlock for them, or namespaceSelectors with policy-group.network.openshift.io/ingress or /host-network");
                return;
            }
        }
    }

    private static bool IsOwnNamespace(ManifestNode peer) => peer.Has("podSelector") && !peer.Has("namespaceSelector") && !peer.Has("ipBlock");

    // Whoever is let in from elsewhere on a port that is served has been thought of.
    private static bool IsOpenedElsewhere(PolicyFacts policy, WorkloadFacts pod, LintContext context) =>
        context.PoliciesIn(LintContext.Key(policy.Document)).Any(other => other != policy && Selectors.Matches(other.PodSelector, pod.Labels)
            && other.Ingress.Any(rule => (rule.Ports.Count == 0 || pod.SctpPorts.Any(port => rule.Ports.Any(one => one.Matches(port)))) && (rule.Peers.Count == 0 || rule.Peers.Any(peer => !IsOwnNamespace(peer)))));
}
