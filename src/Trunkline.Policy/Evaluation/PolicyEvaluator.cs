using Trunkline.Policy.Model;

namespace Trunkline.Policy.Evaluation;

/// <summary>
/// What NetworkPolicies say about one new flow, after Service translation (Pod address and Pod port). Replies to an allowed flow are allowed and are not asked about.
/// </summary>
public static class PolicyEvaluator
{
    public static Verdict Evaluate(PolicyCluster cluster, FlowEnd source, FlowEnd destination, TransportProtocol protocol, int port)
    {
        source = source.Resolve(cluster);
        destination = destination.Resolve(cluster);
        var flow = new Flow(cluster, source, destination, protocol, port);
        return new Verdict(Judge(flow, TrafficDirection.Egress), Judge(flow, TrafficDirection.Ingress));
    }

    private static DirectionVerdict Judge(Flow flow, TrafficDirection direction)
    {
        var (self, other) = direction == TrafficDirection.Egress ? (flow.Source, flow.Destination) : (flow.Destination, flow.Source);
        if (self.Pod is not { } pod)
        {
            return new(direction, true, VerdictReason.NotAPod);
        }

        if (other.Pod is not null && ReferenceEquals(other.Pod, pod) || (other.Address is not null && other.Address.Equals(self.Address)))
        {
            return new(direction, true, VerdictReason.Itself);
        }

        if (other.Pod is null && other.Address is not null && pod.NodeName is not null && flow.Cluster.NodeAt(other.Address)?.Name == pod.NodeName)
        {
            return new(direction, true, VerdictReason.OwnNode);
        }

        var isolating = flow.Cluster.Isolating(pod, direction);
        if (isolating.Count == 0)
        {
            return new(direction, true, VerdictReason.NotIsolated);
        }

        return FirstMatch(flow, direction, isolating, other) ?? new(direction, false, VerdictReason.NoRuleMatches) { Isolating = isolating };
    }

    private static DirectionVerdict? FirstMatch(Flow flow, TrafficDirection direction, IReadOnlyList<NetworkPolicy> isolating, FlowEnd other)
    {
        foreach (var policy in isolating)
        {
            var rules = policy.Rules(direction);
            for (var index = 0; index < rules.Count; index++)
            {
                if (MatchPeer(flow, policy, rules[index], other, out var peer) && MatchPort(flow, rules[index], out var port))
                {
                    return new(direction, true, VerdictReason.AllowedByRule)
                    {
                        Isolating = isolating,
                        Policy = policy,
                        Rule = index,
                        Peer = peer,
                        Port = port,
                    };
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

    // A name means what the destination Pod's containers declare, in either direction; for an address it means nothing.
    private static bool Matches(Flow flow, PolicyPort port)
    {
        if (port.Protocol != flow.Protocol)
        {
            return false;
        }

        if (port.Name is not null)
        {
            return flow.Destination.Pod?.Ports.Any(p => p.Name == port.Name && p.Protocol == flow.Protocol && p.Number == flow.Port) ?? false;
        }

        return port.Number is not { } low || (flow.Port >= low && flow.Port <= (port.EndNumber ?? low));
    }

    private sealed record Flow(PolicyCluster Cluster, FlowEnd Source, FlowEnd Destination, TransportProtocol Protocol, int Port);
}
