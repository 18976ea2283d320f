using Trunkline.Node.Network.Services;
using Trunkline.Policy.Model;

namespace Trunkline.Node.Network.Cluster;

/// <summary>What is known of the cluster at one moment.</summary>
internal sealed record ClusterSnapshot(
    PolicyCluster Policies, IReadOnlyList<NodeRecord> Nodes, IReadOnlyList<ServiceRecord> Services, IReadOnlyList<SliceRecord> Slices)
{
    /// <summary>Pods that ask for ports of their nodes.</summary>
    public IReadOnlyList<PodRecord> WithHostPorts { get; init; } = [];
}
