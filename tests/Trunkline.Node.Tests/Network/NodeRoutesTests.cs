using System.Net;
using Trunkline.Node.Network;
using Trunkline.Node.Network.Cluster;
using Trunkline.Node.Network.Links;
using Trunkline.Node.Network.Netlink;
using Xunit;

namespace Trunkline.Node.Tests.Network;

public sealed class NodeRoutesTests
{
    private static readonly NodeNetwork s_network = new("worker-0", IPAddress.Parse("192.168.126.11")) { NodeAddress6 = IPAddress.Parse("fd00:126::11") };

    [Fact]
    public void Each_family_leads_to_other_nodes_by_their_address_of_that_family() => Assert.Equal(
        [
            "172.30.0.0/16 from 192.168.126.11",
            "fd02::/112 from fd00:126::11",
            "10.128.2.0/23 unreachable",
            "fd01:0:0:1::/64 unreachable",
            "10.128.4.0/23 via 192.168.126.12",
            "fd01:0:0:2::/64 via fd00:126::12",
            "10.128.6.0/23 via 192.168.126.13",
        ],
        NodeRoutes.Wanted(
            s_network,
            [
                Node("worker-0", "192.168.126.11 fd00:126::11", "10.128.2.0/23 fd01:0:0:1::/64"), Node("worker-1", "192.168.126.12 fd00:126::12", "10.128.4.0/23 fd01:0:0:2::/64"),
                Node("old", "192.168.126.13", "10.128.6.0/23 fd01:0:0:3::/64"),
            ],
            2).Select(Text));

    [Fact]
    public void A_node_of_one_family_has_no_routes_of_the_other() => Assert.Equal(
        ["172.30.0.0/16 from 192.168.126.11"], NodeRoutes.Wanted(s_network with { NodeAddress6 = null }, [], 2).Select(Text));

    private static NodeRecord Node(string name, string addresses, string ranges) => new(
        name, [.. addresses.Split(' ').Select(IPAddress.Parse)], [.. ranges.Split(' ').Select(IPNetwork.Parse)]);

    private static string Text(RouteSpec route) => $"{route.Destination}"
        + (route.Unreachable ? " unreachable" : route.Gateway is null ? $" from {route.Source}" : $" via {route.Gateway}");
}
