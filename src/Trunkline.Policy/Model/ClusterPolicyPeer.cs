using System.Net;

namespace Trunkline.Policy.Model;

/// <summary>One item of a ClusterNetworkPolicy rule's <c>from</c> or <c>to</c>: exactly one of its three kinds. Nodes and networks are for egress only.</summary>
public sealed record ClusterPolicyPeer
{
    /// <summary><c>namespaces</c> (all Pods there) or <c>pods</c>.</summary>
    public NamespacedPods? Pods { get; init; }

    /// <summary>Nodes by their labels; it means their addresses.</summary>
    public LabelSelector? Nodes { get; init; }

    /// <summary>CIDRs, whoever holds an address in them: Pods too, as the API says.</summary>
    public IReadOnlyList<IPNetwork> Networks { get; init; } = [];

    public override string ToString() => Pods is not null ? $"{Pods}"
        : Nodes is not null ? $"nodes {Nodes}"
        : $"networks {string.Join(",", Networks)}";
}
