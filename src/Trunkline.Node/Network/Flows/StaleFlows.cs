using System.Net;
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

    /// <summary>All flows of an address, as it sends, is sent to, or answers for a Service.</summary>
    public static IEnumerable<FlowFilter> FiltersOf(IPAddress address) =>
        [new FlowFilter { Source = address }, new FlowFilter { Destination = address }, new FlowFilter { Target = address }];

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
