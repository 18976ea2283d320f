using System.Net;

namespace Trunkline.Node.Network.Services;

/// <summary>One port of one Service, as this node serves it.</summary>
internal sealed record ServicePort
{
    public IReadOnlyList<Frontend> Frontends { get; init; } = [];

    /// <summary>Endpoints that get flows (ready, also only by publishNotReadyAddresses) or serve while they end: flows to these are left alone.</summary>
    public IReadOnlyList<Endpoint> Serving { get; init; } = [];

    /// <summary>Every endpoint that still exists: an association that stands is left alone, as a TCP connection would be, though new ones go elsewhere.</summary>
    public IReadOnlyList<Endpoint> Existing { get; init; } = [];

    /// <summary>Null where clients are not remembered.</summary>
    public SessionAffinity? Affinity { get; init; }

    /// <summary>The endpoint is picked by a hash of the ports alone, so that every path of a multihomed association reaches the same one.</summary>
    public bool HashesPorts { get; init; }

    /// <summary>Ready endpoints on this node.</summary>
    public IReadOnlyList<IPAddress> ReadyHere { get; init; } = [];
}
