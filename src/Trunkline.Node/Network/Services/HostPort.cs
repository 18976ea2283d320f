using System.Net;
using Trunkline.Policy.Model;

namespace Trunkline.Node.Network.Services;

/// <summary>A port of its node that a container asked for (hostPort).</summary>
internal sealed record HostPort(TransportProtocol Protocol, int Number, int ContainerPort)
{
    /// <summary>hostIP: the one address at which it is served; null for all of the node's.</summary>
    public IPAddress? Address { get; init; }
}
