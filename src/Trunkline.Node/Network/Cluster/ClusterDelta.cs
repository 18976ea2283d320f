using Trunkline.Policy.Model;

namespace Trunkline.Node.Network.Cluster;

/// <summary>What changed in the cluster since the last time, with what it is now: all that a node's rules are made of.</summary>
/// <param name="Cluster">The whole of it as policies see it; made only where somebody asks.</param>
internal sealed record ClusterDelta(Lazy<PolicyCluster> Cluster)
{
    /// <summary>Everything there is stands here, and what does not is gone.</summary>
    public bool IsWhole { get; init; }

    /// <summary>Services that changed themselves, or by their EndpointSlices.</summary>
    public IReadOnlyList<Change<ServiceState>> Services { get; init; } = [];

    /// <summary>By UID.</summary>
    public IReadOnlyList<Change<PodRecord>> Pods { get; init; } = [];

    public IReadOnlyList<Change<NetworkPolicy>> Policies { get; init; } = [];

    public IReadOnlyList<Change<ClusterNetworkPolicy>> ClusterPolicies { get; init; } = [];

    public IReadOnlyList<Change<PolicyNamespace>> Namespaces { get; init; } = [];

    /// <summary>All nodes where any of them changed, else null.</summary>
    public IReadOnlyList<NodeRecord>? Nodes { get; init; }

    public bool TouchesPolicies => IsWhole || Nodes is not null || Pods.Count + Policies.Count + ClusterPolicies.Count + Namespaces.Count > 0;
}
