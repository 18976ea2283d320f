using Trunkline.Policy.Model;

namespace Trunkline.Policy.Evaluation;

/// <summary>
/// What policies say about one new flow, after Service translation (Pod address and Pod port), and why: the Admin tier, then NetworkPolicies (final for a Pod that
/// one of them isolates), then the Baseline tier, then allowed. Replies to an allowed flow are allowed and are not asked about.
/// </summary>
public static class PolicyEvaluator
{
    public static Verdict Evaluate(PolicyCluster cluster, FlowEnd source, FlowEnd destination, TransportProtocol protocol, int port)
    {
        var family = FlowEnd.FamilyOf(source, destination);
        var flow = new Flow(cluster, source.Resolve(cluster, family), destination.Resolve(cluster, family), protocol, port);
        return new Verdict(Judge(flow, TrafficDirection.Egress), Judge(flow, TrafficDirection.Ingress));
    }

    private static DirectionVerdict Judge(Flow flow, TrafficDirection direction)
    {
        var (self, other) = (flow.Self(direction), flow.Other(direction));
        if (self.Pod is not { } pod)
        {
            return new(direction, true, VerdictReason.NotAPod);
        }

        if (ReferenceEquals(other.Pod, pod) || (other.Address is not null && other.Address.Equals(self.Address)))
        {
            return new(direction, true, VerdictReason.Itself);
        }

        var ownNode = other.Pod is null && other.Address is not null && pod.NodeName is not null && flow.Cluster.NodeAt(other.Address)?.Name == pod.NodeName;
        if (ownNode && direction == TrafficDirection.Ingress)
        {
            return new(direction, true, VerdictReason.OwnNode);
        }

        return ThroughTiers(flow, pod, direction, ownNode);
    }

    private static DirectionVerdict ThroughTiers(Flow flow, PolicyPod pod, TrafficDirection direction, bool ownNode)
    {
        var passed = new List<ClusterRuleMatch>();
        if (Decide(PolicyTier.Admin) is { } first)
        {
            return first;
        }

        var isolating = flow.Cluster.Isolating(pod, direction);
        if (isolating.Count > 0)
        {
            var verdict = ownNode ? new(direction, true, VerdictReason.OwnNode)
                : NetworkPolicyMatch.First(flow, isolating, direction) ?? new(direction, false, VerdictReason.NoRuleMatches);
            return verdict with { Isolating = isolating, PassedBy = passed };
        }

        return Decide(PolicyTier.Baseline) ?? new(direction, true, ownNode ? VerdictReason.OwnNode : VerdictReason.NotIsolated) { PassedBy = passed };

        DirectionVerdict? Decide(PolicyTier tier)
        {
            if (ClusterPolicyMatch.First(flow, pod, tier, direction) is not { } match)
            {
                return null;
            }

            if (match.Rule.Effect == ClusterPolicyAction.Pass)
            {
                passed.Add(match);
                return null;
            }

            var accepted = match.Rule.Effect == ClusterPolicyAction.Accept;
            return new(direction, accepted, accepted ? VerdictReason.Accepted : VerdictReason.Denied) { ClusterRule = match, PassedBy = [.. passed] };
        }
    }
}
