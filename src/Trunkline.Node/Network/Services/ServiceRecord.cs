using System.Net;

namespace Trunkline.Node.Network.Services;

/// <summary>What a node needs to know of a Service.</summary>
internal sealed record ServiceRecord(string Namespace, string Name)
{
    public IReadOnlyList<IPAddress> ClusterIps { get; init; } = [];

    public IReadOnlyList<ServiceRecordPort> Ports { get; init; } = [];

    public bool ExternalLocal { get; init; }

    public bool InternalLocal { get; init; }

    public bool Affine { get; init; }
}
