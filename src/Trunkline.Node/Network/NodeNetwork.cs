using System.Net;

namespace Trunkline.Node.Network;

/// <summary>The networks of a cluster and this node's place in them. Defaults: OpenShift's (docs/architecture.md).</summary>
internal sealed record NodeNetwork(string NodeName, IPAddress NodeAddress)
{
    public IPNetwork Pods { get; init; } = IPNetwork.Parse("10.128.0.0/14");

    public IPNetwork Services { get; init; } = IPNetwork.Parse("172.30.0.0/16");
}
