using Trunkline.Operations.Lint.Context;
using Trunkline.Operations.Lint.Documents;

namespace Trunkline.Operations.Lint.Rules.Policies;

/// <summary>SCTP012: SCTP that is to pass a service mesh.</summary>
internal sealed class MeshRule : IDocumentRule
{
    // The ports at which gateways of meshes speak HTTP and TLS.
    private static readonly HashSet<long> s_gatewayPorts = [80, 443, 8080, 8443, 15021, 15443];

    public void Check(LintDocument document, LintContext context, LintReport report)
    {
        if (context.Policy(document) is { } policy)
        {
            Policy(policy, report);
        }
        else if (context.Workload(document) is { SctpPorts.Count: > 0 } workload)
        {
            Sidecar(workload, report);
        }
        else if (document.Group.EndsWith("istio.io", StringComparison.Ordinal) && document.Kind is "Gateway" or "ServiceEntry" or "Sidecar")
        {
            foreach (var (key, scalar) in document.Spec.Scalars().Where(found => found.Key == "protocol" && found.Scalar.Text!.Equals("SCTP", StringComparison.OrdinalIgnoreCase)))
            {
                report.Add("SCTP012", document, scalar, $"{document.Title} names SCTP as a {key}, which Envoy does not carry", "reach the Pods by a Service, past the mesh");
            }
        }
        else if (context.Service(document) is { HasSctp: true } service && service.Selector.Values.Any(IsGateway))
        {
            report.Add("SCTP012", document, service.Ports.First(port => port.IsSctp).Node, $"{document.Title} has an SCTP port in front of a mesh's gateway, which speaks TCP and HTTP only", "let the Service select the server's Pods");
        }
    }

    private static void Policy(PolicyFacts policy, LintReport report)
    {
        foreach (var rule in policy.Ingress)
        {
            var peer = rule.Peers.FirstOrDefault(peer => peer["podSelector"]?["matchLabels"].Words().Values.Any(IsGateway) == true)
                ?? rule.Peers.FirstOrDefault(peer => peer["namespaceSelector"]?["matchLabels"].Words().Values.Any(name => name is "istio-system" or "istio-ingress") == true && !peer.Has("podSelector"));
            var port = rule.Ports.FirstOrDefault(port => port.IsSctp && port.Number is { } number && s_gatewayPorts.Contains(number));
            if (peer is not null && port is not null)
            {
                report.Add("SCTP012", policy.Document, port.Node["port"], $"{policy.Document.Title} lets {port} in from a mesh's gateway: Envoy carries no SCTP, so nothing comes that way",
                    "let clients reach the Pods by a Service (NodePort or LoadBalancer), and name them as the policy's sources");
            }
        }
    }

    private static void Sidecar(WorkloadFacts workload, LintReport report)
    {
        if (workload.Labels.GetValueOrDefault("sidecar.istio.io/inject") == "true" || workload.Annotations.GetValueOrDefault("sidecar.istio.io/inject") == "true")
        {
            report.Add("SCTP012", workload.Document, workload.SctpPorts[0].Node, $"{workload.Document.Title} has a mesh's sidecar and serves SCTP, which the sidecar's redirection does not take: it goes past the mesh, unencrypted and outside of its policies",
                "do not count on the mesh for this port; leave the sidecar out if SCTP is all it serves");
        }
    }

    private static bool IsGateway(string label) => label is "istio-ingressgateway" or "ingressgateway" or "istio-gateway" or "istio-egressgateway" or "egressgateway";
}
