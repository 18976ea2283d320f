using Trunkline.Policy.Model;

namespace Trunkline.Policy.Evaluation;

/// <summary>The first rule of NetworkPolicies that allows a flow.</summary>
internal static class NetworkPolicyMatch
{
    public static DirectionVerdict? First(Flow flow, IReadOnlyList<NetworkPolicy> isolating, TrafficDirection direction)
    {
        foreach (var policy in isolating)
        {
            var rules = policy.Rules(direction);
            for (var index = 0; index < rules.Count; index++)
            {
                if (MatchPeer(flow, policy, rules[index], flow.Other(direction), out var peer) && MatchPort(flow, rules[index], out var port))
                {
                    return new(direction, true, VerdictReason.AllowedByRule) { Policy = policy, Rule = index, Peer = peer, Port = port };
                }
            }
        }

        return null;
    }

    private static bool MatchPeer(Flow flow, NetworkPolicy policy, PolicyRule rule, FlowEnd other, out int? matched)
    {
        matched = null;
        for (var index = 0; index < rule.Peers.Count; index++)
        {
            var peer = rule.Peers[index];
            // An ipBlock is about addresses, whoever holds them: it also matches Pods' (which Kubernetes leaves to the implementation).
            var matches = peer.IpBlock is { } block
                ? other.Address is not null && block.Contains(other.Address)
                : other.Pod is not null && flow.Cluster.Selects(peer, policy.Namespace, other.Pod);
            if (matches)
            {
                matched = index;
                return true;
            }
        }

        return rule.Peers.Count == 0;
    }

    private static bool MatchPort(Flow flow, PolicyRule rule, out int? matched)
    {
        matched = null;
        for (var index = 0; index < rule.Ports.Count; index++)
        {
            if (Matches(flow, rule.Ports[index]))
            {
                matched = index;
                return true;
            }
        }

        return rule.Ports.Count == 0;
    }

    private static bool Matches(Flow flow, PolicyPort port)
    {
        if (port.Protocol != flow.Protocol)
        {
            return false;
        }

        return port.Name is { } name ? flow.IsNamed(name) : port.Number is not { } low || (flow.Port >= low && flow.Port <= (port.EndNumber ?? low));
    }
}
