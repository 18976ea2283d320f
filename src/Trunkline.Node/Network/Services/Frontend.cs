using System.Net;
using Trunkline.Policy.Model;

namespace Trunkline.Node.Network.Services;

/// <summary>An address and port under which clients find a Service: its ClusterIP, or a nodePort of this node.</summary>
internal sealed record Frontend(IPAddress Address, TransportProtocol Protocol, int Port)
{
    public bool IsNodePort { get; init; }

    /// <summary>externalTrafficPolicy or internalTrafficPolicy Local: only endpoints on this node, and the client's address is kept.</summary>
    public bool LocalOnly { get; init; }

    /// <summary>Ready endpoints in a stable order.</summary>
    public IReadOnlyList<Endpoint> Endpoints { get; init; } = [];

    /// <summary>The key of the kernel's maps.</summary>
    public string Key => KeyOf(Address, Protocol, Port);

    public static string KeyOf(IPAddress address, TransportProtocol protocol, int port) => $"{address} . {protocol.Lower()} . {port}";
}
