using System.Net;
using Trunkline.Policy.Compiled;
using Trunkline.Policy.Evaluation;
using Trunkline.Policy.Model;

namespace Trunkline.Node.Network.Flows;

/// <summary>Which known flows have to be forgotten, so that their next packet is judged anew.</summary>
internal static class StaleFlows
{
    // For fewer it takes longer to compile all policies than to ask the evaluator that explains.
    private const int WorthCompiling = 200;

    /// <summary>
    /// Flows of this node's Pods that policies no longer allow. Each node judges its own Pods' side only: the other side is judged where that Pod is, by the
    /// source it sees there.
    /// </summary>
    public static IEnumerable<TrackedFlow> Denied(IReadOnlyCollection<TrackedFlow> flows, Lazy<PolicyCluster> cluster, string nodeName)
    {
        if (flows.Count == 0)
        {
            return [];
        }

        var judge = flows.Count < WorthCompiling ? null : CompiledPolicies.Compile(cluster.Value);
        return flows.Where(flow => IsDenied(flow, cluster.Value, judge, nodeName));
    }

    /// <summary>All flows of an address, as it sends, is sent to, or answers for a Service.</summary>
    public static IEnumerable<FlowFilter> FiltersOf(IPAddress address) =>
        [new FlowFilter { Source = address }, new FlowFilter { Destination = address }, new FlowFilter { Target = address }];

    // A protocol without ports (ICMP) is judged by addresses: rules that name ports do not mean it.
    private static bool IsDenied(TrackedFlow flow, PolicyCluster cluster, CompiledPolicies? compiled, string nodeName)
    {
        var fromHere = cluster.PodAt(flow.Source)?.NodeName == nodeName;
        var toHere = cluster.PodAt(flow.Target)?.NodeName == nodeName;
        if (!fromHere && !toHere)
        {
            return false;
        }

        var (source, target, protocol) = (FlowEnd.Of(flow.Source), FlowEnd.Of(flow.Target), (TransportProtocol)flow.Protocol);
        if (compiled is not null)
        {
            return (fromHere && !compiled.IsAllowed(TrafficDirection.Egress, source, target, protocol, flow.TargetPort))
                || (toHere && !compiled.IsAllowed(TrafficDirection.Ingress, source, target, protocol, flow.TargetPort));
        }

        var verdict = PolicyEvaluator.Evaluate(cluster, source, target, protocol, flow.TargetPort);
        return (fromHere && !verdict.Egress.Allowed) || (toHere && !verdict.Ingress.Allowed);
    }
}
