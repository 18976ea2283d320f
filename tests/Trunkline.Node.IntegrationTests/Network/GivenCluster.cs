using Trunkline.Node.Network.Cluster;
using Trunkline.Node.Network.Services;
using Trunkline.Policy.Model;

namespace Trunkline.Node.IntegrationTests.Network;

/// <summary>A cluster that a test makes up, told whole each time it changes.</summary>
internal sealed class GivenCluster : IClusterSource
{
    private volatile ClusterDelta? _given;

    public void Give(
        PolicyCluster cluster, IReadOnlyList<NodeRecord> nodes, IReadOnlyList<ServiceRecord> services, IReadOnlyList<SliceRecord> slices, IReadOnlyList<PodRecord> hostPorts) =>
        _given = new ClusterDelta(new Lazy<PolicyCluster>(cluster))
        {
            IsWhole = true,
            Nodes = nodes,
            Pods = [.. hostPorts.Select(pod => new Change<PodRecord>(pod.Uid, pod))],
            Services = [.. services.Select(service => new Change<ServiceState>($"{service.Namespace}/{service.Name}", new ServiceState(
                service, [.. slices.Where(slice => slice.Namespace == service.Namespace && slice.Service == service.Name)])))],
        };

    public ClusterDelta? Take() => _given;

    public void Reset()
    {
    }
}
