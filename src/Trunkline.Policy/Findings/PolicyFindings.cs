using System.Runtime.InteropServices;
using Trunkline.Policy.Compiled;
using Trunkline.Policy.Model;

namespace Trunkline.Policy.Findings;

/// <summary>
/// Which policies, rules, peers and ports are without effect in a cluster as it is now, and why. "Without effect" is meant exactly: take it away, and every verdict of
/// every Pod with every other and with every address, at every port, is the same.
/// </summary>
public static class PolicyFindings
{
    public static IReadOnlyList<PolicyFinding> Of(PolicyCluster cluster) => Of(cluster, (_, _) => true, byEffect: true);

    /// <summary>Only what is plainly a mistake by itself (nobody selected, peers that are nobody, names that nobody declares, rules that cannot be read), of some of the policies.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="isAsked">Says of a policy's name (<c>namespace/name</c>, or the name of a ClusterNetworkPolicy, for which the second is true) whether it is to be looked at.</param>
    public static IReadOnlyList<PolicyFinding> Mistakes(PolicyCluster cluster, Func<string, bool, bool> isAsked) => Of(cluster, isAsked, byEffect: false);

    private static List<PolicyFinding> Of(PolicyCluster cluster, Func<string, bool, bool> isAsked, bool byEffect)
    {
        var index = new PodIndex(cluster);
        var directions = new[] { TrafficDirection.Ingress, TrafficDirection.Egress }.Select(direction => new DirectionFindings(cluster, index, direction)).ToList();
        var findings = new List<PolicyFinding>();
        foreach (var (name, isCluster, selected) in Subjects(cluster, index).Where(subject => isAsked(subject.Name, subject.IsCluster)))
        {
            if (selected.Clone().And(index.OnNetwork).IsEmpty)
            {
                findings.Add(new(FindingKind.SelectsNobody, name, selected.IsEmpty
                    ? "it selects no Pod"
                    : "it selects only Pods on their nodes' network or completed ones, to which policies do not apply")
                { IsCluster = isCluster });
                continue;
            }

            var about = directions.Select(direction => direction.Of(name, isCluster, byEffect)).OfType<UnitFindings>().ToList();
            if (about.Count > 0 && about.TrueForAll(unit => unit.WithoutEffect is not null))
            {
                findings.Add(new(FindingKind.PolicyWithoutEffect, name, string.Join("; ", about.Select(unit => unit.WithoutEffect).Distinct())) { IsCluster = isCluster });
            }

            findings.AddRange(about.SelectMany(unit => unit.Parts));
        }

        foreach (var policy in cluster.Policies.Where(policy => isAsked($"{policy}", false)))
        {
            findings.AddRange(NotNamed(policy));
        }

        return findings;
    }

    private static IEnumerable<(string Name, bool IsCluster, PodSet Selected)> Subjects(PolicyCluster cluster, PodIndex index) =>
        cluster.ClusterPolicies.Select(policy => (policy.Name, true, index.Select(policy.Subject)))
            .Concat(cluster.Policies.Select(policy => ($"{policy}", false, index.Select(policy.PodSelector).And(index.InNamespace(policy.Namespace)))));

    private static IEnumerable<PolicyFinding> NotNamed(NetworkPolicy policy) =>
        from direction in new[] { TrafficDirection.Ingress, TrafficDirection.Egress }
        where policy.Rules(direction).Count > 0 && !policy.Isolates(direction)
        select new PolicyFinding(FindingKind.DirectionNotNamed, $"{policy}", $"policyTypes does not name {direction}: these rules say nothing") { Direction = direction };

    /// <summary>Pods in groups of the same policies.</summary>
    internal static List<PodGroup> Groups(IReadOnlyList<PolicyUnit> units, int count)
    {
        var under = new List<int>?[count];
        for (var unit = 0; unit < units.Count; unit++)
        {
            foreach (var pod in units[unit].Selected.Indexes())
            {
                (under[pod] ??= []).Add(unit);
            }
        }

        return
        [
            .. Enumerable.Range(0, count).Where(pod => under[pod] is not null)
                .GroupBy(pod => new string(MemoryMarshal.Cast<int, char>(CollectionsMarshal.AsSpan(under[pod]))), StringComparer.Ordinal)
                .Select(same => new PodGroup([.. under[same.First()]!.Select(unit => units[unit])], [.. same])),
        ];
    }
}
