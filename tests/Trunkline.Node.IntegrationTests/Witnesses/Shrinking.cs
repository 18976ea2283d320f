using Trunkline.Policy.Model;

namespace Trunkline.Node.IntegrationTests.Witnesses;

/// <summary>Takes away from a cluster whatever a disagreement does not need: policies, rules, peers, ports, Pods, labels.</summary>
internal static class Shrinking
{
    public static async Task<ClusterSpec> ShrinkAsync(ClusterSpec cluster, Func<ClusterSpec, Task<bool>> stillFails, int patience = 400)
    {
        for (var smaller = true; smaller;)
        {
            smaller = false;
            foreach (var candidate in Smaller(cluster))
            {
                if (--patience < 0)
                {
                    return cluster;
                }

                if (await stillFails(candidate))
                {
                    (cluster, smaller) = (candidate, true);
                    break;
                }
            }
        }

        return cluster;
    }

    private static IEnumerable<ClusterSpec> Smaller(ClusterSpec cluster) =>
        Without(cluster.ClusterPolicies).Select(left => cluster with { ClusterPolicies = left })
            .Concat(Without(cluster.Policies).Select(left => cluster with { Policies = left }))
            .Concat(Each(cluster.ClusterPolicies, Smaller).Select(left => cluster with { ClusterPolicies = left }))
            .Concat(Each(cluster.Policies, Smaller).Select(left => cluster with { Policies = left }))
            .Concat(Without(cluster.Pods).Select(left => cluster with { Pods = left }))
            .Concat(Without(cluster.Namespaces).Select(left => cluster with { Namespaces = left }))
            .Concat(Each(cluster.Pods, Smaller).Select(left => cluster with { Pods = left }));

    private static IEnumerable<NetworkPolicy> Smaller(NetworkPolicy policy) =>
        Without(policy.Ingress).Select(left => policy with { Ingress = left })
            .Concat(Without(policy.Egress).Select(left => policy with { Egress = left }))
            .Concat(Each(policy.Ingress, Smaller).Select(left => policy with { Ingress = left }))
            .Concat(Each(policy.Egress, Smaller).Select(left => policy with { Egress = left }))
            .Concat(policy.PodSelector.IsEverything ? [] : [policy with { PodSelector = LabelSelector.Everything }]);

    private static IEnumerable<ClusterNetworkPolicy> Smaller(ClusterNetworkPolicy policy) =>
        Without(policy.Ingress).Select(left => policy with { Ingress = left })
            .Concat(Without(policy.Egress).Select(left => policy with { Egress = left }))
            .Concat(Each(policy.Ingress, Smaller).Select(left => policy with { Ingress = left }))
            .Concat(Each(policy.Egress, Smaller).Select(left => policy with { Egress = left }));

    // An empty list of peers or ports says everything, so one is kept.
    private static IEnumerable<PolicyRule> Smaller(PolicyRule rule) =>
        Without(rule.Peers).Select(left => rule with { Peers = left }).Concat(Without(rule.Ports).Select(left => rule with { Ports = left }));

    private static IEnumerable<ClusterPolicyRule> Smaller(ClusterPolicyRule rule) =>
        Without(rule.Peers).Where(left => left.Length > 0).Select(left => rule with { Peers = left }).Concat(Without(rule.Ports).Select(left => rule with { Ports = left }));

    private static IEnumerable<PolicyPod> Smaller(PolicyPod pod) =>
        (pod.Labels.Count == 0 ? [] : (PolicyPod[])[pod with { Labels = new Dictionary<string, string>() }])
            .Concat(Without(pod.Ports).Select(left => pod with { Ports = left }));

    private static IEnumerable<T[]> Without<T>(IReadOnlyList<T> items) => Enumerable.Range(0, items.Count).Select(gone => items.Where((_, index) => index != gone).ToArray());

    private static IEnumerable<T[]> Each<T>(IReadOnlyList<T> items, Func<T, IEnumerable<T>> smaller) => Enumerable.Range(0, items.Count)
        .SelectMany(place => smaller(items[place]).Select(other => items.Select((item, index) => index == place ? other : item).ToArray()));
}
