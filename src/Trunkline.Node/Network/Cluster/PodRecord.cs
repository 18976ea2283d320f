using Trunkline.Node.Network.Services;
using Trunkline.Policy.Model;

namespace Trunkline.Node.Network.Cluster;

/// <summary>A Pod, known by its UID: a name can come back with another Pod behind it.</summary>
internal sealed record PodRecord(string Uid, PolicyPod Pod)
{
    public IReadOnlyList<HostPort> HostPorts { get; init; } = [];
}
