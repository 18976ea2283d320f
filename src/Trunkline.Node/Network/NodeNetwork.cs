using System.Net;
using Trunkline.Node.Network.Services;

namespace Trunkline.Node.Network;

/// <summary>The networks of a cluster and this node's place in them. Defaults: OpenShift's (docs/architecture.md).</summary>
internal sealed record NodeNetwork(string NodeName, IPAddress NodeAddress)
{
    /// <summary>The node's address in the other family, where it has one.</summary>
    public IPAddress? NodeAddress6 { get; init; }

    public IPNetwork Pods { get; init; } = IPNetwork.Parse("10.128.0.0/14");

    public IPNetwork Pods6 { get; init; } = IPNetwork.Parse("fd01::/48");

    public IPNetwork Services { get; init; } = IPNetwork.Parse("172.30.0.0/16");

    public IPNetwork Services6 { get; init; } = IPNetwork.Parse("fd02::/112");

    public IReadOnlyList<IPAddress> NodeAddresses => NodeAddress6 is null ? [NodeAddress] : [NodeAddress, NodeAddress6];

    public IPNetwork PodsOf(ServiceFamily family) => family == ServiceFamily.V4 ? Pods : Pods6;

    public IPNetwork ServicesOf(ServiceFamily family) => family == ServiceFamily.V4 ? Services : Services6;

    public IPAddress? AddressOf(ServiceFamily family) => family == ServiceFamily.V4 ? NodeAddress : NodeAddress6;
}
