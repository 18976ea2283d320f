using System.Net;

namespace Trunkline.Node.Network.Cluster;

/// <summary>A node's place: its InternalIPs and the addresses of its Pods.</summary>
internal sealed record NodeRecord(string Name, IReadOnlyList<IPAddress> Addresses, IReadOnlyList<IPNetwork> PodNetworks)
{
    /// <summary>Every IP of <c>status.addresses</c>, whatever its type: what a ClusterNetworkPolicy's <c>nodes</c> mean.</summary>
    public IReadOnlyList<IPAddress> AllAddresses { get => field ?? Addresses; init; }

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>The condition Ready is True.</summary>
    public bool IsReady { get; init; }
}
