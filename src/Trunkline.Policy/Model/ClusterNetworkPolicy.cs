namespace Trunkline.Policy.Model;

/// <summary>
/// A policy.networking.k8s.io/v1alpha2 ClusterNetworkPolicy. It isolates nothing by itself: traffic that no rule matches goes on to the next policy or tier.
/// </summary>
public sealed record ClusterNetworkPolicy(string Name) : IComparable<ClusterNetworkPolicy>
{
    public PolicyTier Tier { get; init; }

    /// <summary>0 to 1000, the lowest first.</summary>
    public int Priority { get; init; }

    public NamespacedPods Subject { get; init; } = NamespacedPods.All;

    public IReadOnlyList<ClusterPolicyRule> Ingress { get; init; } = [];

    public IReadOnlyList<ClusterPolicyRule> Egress { get; init; } = [];

    public IReadOnlyList<ClusterPolicyRule> Rules(TrafficDirection direction) => direction == TrafficDirection.Ingress ? Ingress : Egress;

    /// <summary>The order in which policies of a tier are asked. The API leaves equal priorities open; here the name decides, so that all nodes agree.</summary>
    public int CompareTo(ClusterNetworkPolicy? other)
    {
        if (other is null)
        {
            return 1;
        }

        return (Tier, Priority).CompareTo((other.Tier, other.Priority)) is not 0 and var order ? order : string.CompareOrdinal(Name, other.Name);
    }

    public override string ToString() => Name;

    public static bool operator <(ClusterNetworkPolicy left, ClusterNetworkPolicy right) => left.CompareTo(right) < 0;

    public static bool operator >(ClusterNetworkPolicy left, ClusterNetworkPolicy right) => left.CompareTo(right) > 0;

    public static bool operator <=(ClusterNetworkPolicy left, ClusterNetworkPolicy right) => left.CompareTo(right) <= 0;

    public static bool operator >=(ClusterNetworkPolicy left, ClusterNetworkPolicy right) => left.CompareTo(right) >= 0;
}
