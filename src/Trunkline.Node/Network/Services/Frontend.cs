using System.Net;
using Trunkline.Policy.Model;

namespace Trunkline.Node.Network.Services;

/// <summary>An address and port under which clients find a Service.</summary>
internal sealed record Frontend(IPAddress Address, TransportProtocol Protocol, int Port, FrontendKind Kind)
{
    /// <summary>externalTrafficPolicy or internalTrafficPolicy Local, whichever speaks of this kind: only endpoints on this node, and the client's address is kept.</summary>
    public bool LocalOnly { get; init; }

    /// <summary>Endpoints of this family for new flows, in the order of all nodes; with <see cref="LocalOnly"/> those of this node.</summary>
    public IReadOnlyList<Endpoint> Endpoints { get; init; } = [];

    /// <summary>Endpoints of the whole cluster: with externalTrafficPolicy Local, Pods and nodes reach these all the same (kube-proxy's short-circuit).</summary>
    public IReadOnlyList<Endpoint> Everywhere { get; init; } = [];

    /// <summary>spec.loadBalancerSourceRanges; null where everybody may come.</summary>
    public IReadOnlyList<IPNetwork>? Sources { get; init; }

    /// <summary>The policy that speaks of it is externalTrafficPolicy.</summary>
    public bool IsExternal => Kind is FrontendKind.NodePort or FrontendKind.LoadBalancer or FrontendKind.ExternalIp;

    /// <summary>The key of the kernel's maps.</summary>
    public string Key => KeyOf(Address, Protocol, Port);

    public static string KeyOf(IPAddress address, TransportProtocol protocol, int port) => $"{address} . {protocol.Lower()} . {port}";
}
