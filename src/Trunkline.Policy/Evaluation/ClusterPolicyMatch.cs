using Trunkline.Policy.Model;

namespace Trunkline.Policy.Evaluation;

/// <summary>The first rule of a tier of ClusterNetworkPolicies that a flow meets.</summary>
internal static class ClusterPolicyMatch
{
    public static ClusterRuleMatch? First(Flow flow, PolicyPod pod, PolicyTier tier, TrafficDirection direction)
    {
        foreach (var policy in flow.Cluster.Subjecting(pod, tier, direction))
        {
            var rules = policy.Rules(direction);
            for (var index = 0; index < rules.Count; index++)
            {
                if (rules[index].MatchesEverything)
                {
                    return new(policy, direction, index);
                }

                if (!rules[index].MatchesNothing && PeerOf(flow, rules[index], direction) is { } peer && PortOf(flow, rules[index], out var port))
                {
                    return new(policy, direction, index) { Peer = peer, Port = port };
                }
            }
        }

        return null;
    }

    private static int? PeerOf(Flow flow, ClusterPolicyRule rule, TrafficDirection direction)
    {
        var other = flow.Other(direction);
        for (var index = 0; index < rule.Peers.Count; index++)
        {
            var peer = rule.Peers[index];
            if ((other.Pod is not null && flow.Cluster.Selects(peer, other.Pod)) || (other.Address is not null && IsAt(flow, peer, other)))
            {
                return index;
            }
        }

        return null;
    }

    // Nodes are their addresses, also where a Pod on the node's network answers there; networks are addresses, whoever holds them.
    private static bool IsAt(Flow flow, ClusterPolicyPeer peer, FlowEnd other) => peer.Nodes is { } nodes
        ? other.Pod is null && flow.Cluster.NodeAt(other.Address!) is { } node && nodes.Matches(node.Labels)
        : peer.Networks.Any(network => network.BaseAddress.AddressFamily == other.Address!.AddressFamily && network.Contains(other.Address!));

    private static bool PortOf(Flow flow, ClusterPolicyRule rule, out int? matched)
    {
        matched = null;
        for (var index = 0; index < rule.Ports.Count; index++)
        {
            var port = rule.Ports[index];
            if (port.Name is { } name ? flow.IsNamed(name) : port.Protocol == flow.Protocol && port.First <= flow.Port && flow.Port <= port.Last)
            {
                matched = index;
                return true;
            }
        }

        return rule.Ports.Count == 0;
    }
}
