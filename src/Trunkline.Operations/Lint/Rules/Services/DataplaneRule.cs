using Trunkline.Operations.Lint.Context;
using Trunkline.Operations.Lint.Documents;

namespace Trunkline.Operations.Lint.Rules.Services;

/// <summary>SCTP045: what the cluster's network carries only in part.</summary>
internal sealed class DataplaneRule : IDocumentRule
{
    public void Check(LintDocument document, LintContext context, LintReport report)
    {
        if (context.Service(document) is not { HasSctp: true } service)
        {
            return;
        }

        if (context.HasCilium && service.Ports.FirstOrDefault(port => port.IsSctp && (port.TargetName is not null ? NamedElsewhere(service, port, context) : port.Port != port.TargetNumber)) is { } translated)
        {
            report.Add("SCTP045", document, translated.Node["targetPort"] ?? translated.Node, $"{document.Title} translates SCTP port {translated.Port} to {translated.TargetName ?? $"{translated.TargetNumber}"}, which Cilium does not do", "use one number for port and targetPort");
        }

        var pods = context.Behind(service);
        var multihomed = pods.FirstMultihomed;
        if (multihomed is not null && document.Spec?["clusterIP"].WordOrNull() != "None")
        {
            report.Add("SCTP045", document, service.Ports.First(port => port.IsSctp).Node, $"{document.Title} translates one path of {multihomed.Document.Title}, which has several networks ({WorkloadFacts.Networks}) and announces all of its addresses in INIT",
                "let the server bind one address, or let clients reach the secondary network directly");
            if (document.Spec?["sessionAffinity"] is { Text: "ClientIP" } affinity)
            {
                report.Add("SCTP045", document, affinity, $"sessionAffinity of {document.Title} does not tie the paths of one association together: each of the client's addresses is a client of its own", "do without affinity, or without multihoming");
            }
        }

        Local(service, pods.Workloads, context, report);
    }

    private static bool NamedElsewhere(ServiceFacts service, ServicePortFacts port, LintContext context) =>
        context.Behind(service).SctpPorts.Any(served => served.Name == port.TargetName && served.Number != port.Port);

    private static void Local(ServiceFacts service, IReadOnlyList<WorkloadFacts> pods, LintContext context, LintReport report)
    {
        var spec = service.Document.Spec;
        if (!context.HasCluster || spec?["externalTrafficPolicy"] is not { Text: "Local" } policy || !service.IsOutward || context.Nodes.Count == 0)
        {
            return;
        }

        var running = pods.Where(pod => pod.Document.Kind == "Pod" && pod.Document.Live is not null).Select(pod => pod.Spec["nodeName"].WordOrNull()).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var without = context.Nodes.Where(node => !node.Labels.ContainsKey("node.kubernetes.io/exclude-from-external-load-balancers") && !running.Contains(node.Name ?? "")).Select(node => node.Name).ToList();
        if (without.Count > 0 && (running.Count > 0 || service.Document.Live is not null))
        {
            report.Add("SCTP045", service.Document, policy, $"{service.Document.Title} has externalTrafficPolicy: Local, and {without.Count} of {context.Nodes.Count} nodes have no endpoint: what reaches {string.Join(", ", without.Take(3))} is dropped",
                "run the server on every node that clients reach, or use Cluster");
        }
    }
}
