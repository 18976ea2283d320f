using System.Net;
using Trunkline.Node.Network.Services;
using Trunkline.Policy.Evaluation;
using Trunkline.Policy.Model;

namespace Trunkline.Node.Network.Flows;

/// <summary>Which known flows have to be forgotten, so that their next packet is judged anew.</summary>
internal static class StaleFlows
{
    /// <summary>
    /// Flows of this node's Pods that policies no longer allow. Each node judges its own Pods' side only: the other side is judged where that Pod is, by the
    /// source it sees there.
    /// </summary>
    public static IEnumerable<TrackedFlow> Denied(IEnumerable<TrackedFlow> flows, PolicyCluster cluster, string nodeName) =>
        flows.Where(flow => Enum.IsDefined((TransportProtocol)flow.Protocol) && IsDenied(flow, cluster, nodeName));

    /// <summary>
    /// SCTP and UDP flows translated to an endpoint that its Service no longer has: without this a client with a fixed source port keeps talking to a dead Pod
    /// (kubernetes#70020, #101968). TCP ends by itself, by a reset.
    /// </summary>
    public static IEnumerable<TrackedFlow> WithoutEndpoint(IEnumerable<TrackedFlow> flows, IEnumerable<ServicePort> services)
    {
        var known = new Dictionary<string, ServicePort>(StringComparer.Ordinal);
        foreach (var (port, frontend) in services.SelectMany(port => port.Frontends.Select(frontend => (port, frontend))))
        {
            known[frontend.Key] = port;
        }

        return flows.Where(flow => flow.IsTranslated
            && (TransportProtocol)flow.Protocol is TransportProtocol.Sctp or TransportProtocol.Udp
            && known.TryGetValue(Frontend.KeyOf(flow.Destination, (TransportProtocol)flow.Protocol, flow.DestinationPort), out var port)
            && !port.Serving.Any(endpoint => endpoint.Address.Equals(flow.Target) && endpoint.Port == flow.TargetPort));
    }

    public static IEnumerable<TrackedFlow> Of(IEnumerable<TrackedFlow> flows, IPAddress address) =>
        flows.Where(flow => flow.Source.Equals(address) || flow.Destination.Equals(address) || flow.Target.Equals(address));

    private static bool IsDenied(TrackedFlow flow, PolicyCluster cluster, string nodeName)
    {
        var fromHere = cluster.PodAt(flow.Source)?.NodeName == nodeName;
        var toHere = cluster.PodAt(flow.Target)?.NodeName == nodeName;
        if (!fromHere && !toHere)
        {
            return false;
        }

        var verdict = PolicyEvaluator.Evaluate(
            cluster, FlowEnd.Of(flow.Source), FlowEnd.Of(flow.Target), (TransportProtocol)flow.Protocol, flow.TargetPort);
        return (fromHere && !verdict.Egress.Allowed) || (toHere && !verdict.Ingress.Allowed);
    }
}
