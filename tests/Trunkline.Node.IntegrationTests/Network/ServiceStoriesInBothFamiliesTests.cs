using System.Net;
using System.Net.Sockets;
using Trunkline.Node.Network.Cluster;
using Trunkline.Node.Network.Services;
using Trunkline.Policy.Model;
using Xunit;
using static Trunkline.Node.IntegrationTests.Network.Given;
using static Trunkline.Node.IntegrationTests.Network.ServiceTraffic;

namespace Trunkline.Node.IntegrationTests.Network;

/// <summary>Stories of Services that are told for IPv4 and IPv6 alike, by packets and by real connections.</summary>
public sealed class ServiceStoriesInBothFamiliesTests
{
    private const TransportProtocol Sctp = TransportProtocol.Sctp, Tcp = TransportProtocol.Tcp;
    private static readonly IPAddress[] s_cluster = [ClusterIp, IPAddress.Parse("fd02::10")];
    private static readonly IPAddress[] s_externals = [IPAddress.Parse("192.168.126.230"), IPAddress.Parse("fd00:126::e0")];
    private static readonly IPAddress[] s_balancers = [IPAddress.Parse("192.168.126.231"), IPAddress.Parse("fd00:126::e1")];
    private static readonly IPAddress[] s_otherNode = [IPAddress.Parse("192.168.126.12"), IPAddress.Parse("fd00:126::12")];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task External_and_balancers_addresses_hide_the_client_unless_Local(int family)
    {
        await using var node = await StartAsync();
        foreach (var local in new[] { false, true })
        {
            await ApplyAsync(node, Dual() with { ExternalLocal = local }, null, node.Pods[1]);
            var seen = Of(local ? node.Outside : node.Node, family);
            Assert.Equal(seen, await SourceAsync(node.Outside, s_externals[family], Sctp, 9000 + (local ? 10 : 0), node.Pods[1]));
            Assert.Equal(seen, await SourceAsync(node.Outside, s_balancers[family], Sctp, 9001 + (local ? 10 : 0), node.Pods[1]));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Another_nodes_Pod_is_treated_as_the_outside_where_Local_has_somebody_here(int family)
    {
        await using var node = await StartAsync();
        await ApplyAsync(node, Dual() with { ExternalLocal = true }, null, node.Pods[1], node.Remote);
        for (var port = 9100; port < 9120; port++)
        {
            Assert.Equal(Of(node.Remote, family), await SourceAsync(node.Remote, Of(node.Node, family), Sctp, port, node.Pods[1], NodePort(Sctp)));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Where_none_is_ready_those_that_serve_while_they_end_are_used_from_outside_too(int family)
    {
        await using var node = await StartAsync();
        await ApplyAsync(node, Dual(), pod => (Here(pod).Ending(), Here6(pod).Ending()), node.Pods[1]);
        Assert.Equal(Of(node.Node, family), await SourceAsync(node.Outside, Of(node.Node, family), Sctp, 9200, node.Pods[1], NodePort(Sctp)));
        Assert.NotNull(await SourceAsync(node.Outside, s_externals[family], Sctp, 9201, node.Pods[1]));

        // Local counts this node's own: the one that ends here, though another node has a ready one.
        await node.ApplyAsync(node.PlainPods(), services: [Dual() with { ExternalLocal = true }],
            slices: [Slice(Here(node.Pods[1]).Ending(), There(node.Remote)), Slice(Here6(node.Pods[1]).Ending(), There6(node.Remote))]);
        for (var port = 9210; port < 9220; port++)
        {
            Assert.Equal(Of(node.Outside, family), await SourceAsync(node.Outside, Of(node.Node, family), Sctp, port, node.Pods[1], NodePort(Sctp)));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task InternalTrafficPolicy_Local_holds_for_the_node_itself(int family)
    {
        await using var node = await StartAsync();
        await ApplyAsync(node, Dual() with { InternalLocal = true }, null, node.Pods[1], node.Remote);
        for (var port = 9300; port < 9320; port++)
        {
            Assert.Equal(Of(node.Node, family), await SourceAsync(node.Node, s_cluster[family], Sctp, port, node.Pods[1]));
            Assert.Equal(Of(node.Pods[0], family), await SourceAsync(node.Pods[0], s_cluster[family], Sctp, port + 100, node.Pods[1]));
        }

        await ApplyAsync(node, Dual() with { InternalLocal = true }, null, null, node.Remote);
        node.Node.Send(s_cluster[family], Sctp, 9340, Port);
        node.Pods[0].Send(s_cluster[family], Sctp, 9341, Port);
        Assert.NotNull(await SourceAsync(node.Pods[0], Of(node.Node, family), Sctp, 9342, node.Remote, NodePort(Sctp))); // the sentinel: externalTrafficPolicy's
        Assert.DoesNotContain(node.Remote.Arrived, seen => seen.Protocol == 132 && seen.SourcePort is 9340 or 9341);
        Assert.DoesNotContain(node.Pods[0].Arrived, seen => IsRefusalOf(seen, 9341));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_hostPort_is_reached_from_outside_from_Pods_and_from_its_node(int family)
    {
        await using var node = await StartAsync();
        node.HostPorts = [new PodRecord("1", TestNode.Pod("x", "p2", node.Pods[2])) { HostPorts = [new HostPort(Sctp, 8080, TargetPort)] }];
        await node.ApplyAsync(node.PlainPods());
        var address = Of(node.Node, family);
        Assert.Equal(Of(node.Outside, family), await SourceAsync(node.Outside, address, Sctp, 9400, node.Pods[2], 8080));
        Assert.Equal(Of(node.Pods[0], family), await SourceAsync(node.Pods[0], address, Sctp, 9401, node.Pods[2], 8080));
        Assert.Equal(address, await SourceAsync(node.Node, address, Sctp, 9402, node.Pods[2], 8080));
        Assert.Equal(address, await SourceAsync(node.Pods[2], address, Sctp, 9403, node.Pods[2], 8080)); // hairpin
        Assert.All(node.Pods[2].Arrived.Where(seen => seen.Protocol == 132 && seen.SourcePort >= 9400), seen => Assert.Equal(TargetPort, seen.DestinationPort));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task An_endpoint_of_this_nodes_own_network_is_reached_from_everywhere(int family)
    {
        await using var node = await StartAsync();
        await node.ApplyAsync(node.PlainPods(), services: [Dual()],
            slices: [Slice(new SliceEndpoint(node.Address, true, TestNode.NodeName)), Slice(new SliceEndpoint(node.Address6, true, TestNode.NodeName))]);
        using var program = Listen(node.Node.Netns, TargetPort);
        Assert.Null(await CallAsync(node.Pods[0].Netns, s_cluster[family], Port));
        Assert.Null(await CallAsync(node.Node.Netns, s_cluster[family], Port));
        Assert.Null(await CallAsync(node.Outside.Netns, Of(node.Node, family), NodePort(Tcp)));
        Assert.Null(await CallAsync(node.Outside.Netns, s_externals[family], Port));
        Assert.Null(await CallAsync(node.Pods[0].Netns, Of(node.Node, family), NodePort(Tcp)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Source_ranges_are_asked_of_everybody_at_the_balancers_address_and_of_nobody_elsewhere(int family)
    {
        await using var node = await StartAsync();
        var service = Dual() with { SourceRanges = [IPNetwork.Parse("192.168.126.200/32"), IPNetwork.Parse("fd00:126::200/128")] };
        await ApplyAsync(node, service, null, node.Pods[1]);
        node.Outside.Send(s_balancers[family], Sctp, 9500, Port, source: s_otherNode[family]);
        node.Node.Send(s_balancers[family], Sctp, 9501, Port);
        node.Pods[0].Send(s_balancers[family], Sctp, 9502, Port);
        Assert.NotNull(await SourceAsync(node.Outside, s_balancers[family], Sctp, 9503, node.Pods[1]));
        node.Outside.Send(Of(node.Node, family), Sctp, 9504, NodePort(Sctp), source: s_otherNode[family]);
        Assert.NotNull(await node.Pods[1].SeeAsync(Sctp, 9504));
        Assert.NotNull(await SourceAsync(node.Pods[0], s_cluster[family], Sctp, 9505, node.Pods[1]));
        Assert.NotNull(await SourceAsync(node.Node, s_cluster[family], Sctp, 9506, node.Pods[1]));
        Assert.DoesNotContain(node.Pods[1].Arrived, seen => seen.Protocol == 132 && seen.SourcePort is 9500 or 9501 or 9502);

        // The node's address among the ranges lets it in; ranges of one family alone let nobody of the other in.
        await ApplyAsync(node, service with { SourceRanges = [new IPNetwork(Of(node.Node, family), family == 0 ? 32 : 128)] }, null, node.Pods[1]);
        Assert.NotNull(await SourceAsync(node.Node, s_balancers[family], Sctp, 9510, node.Pods[1]));
        node.Outside.Send(s_balancers[1 - family], Sctp, 9511, Port);
        node.Outside.Send(s_balancers[family], Sctp, 9512, Port);
        Assert.NotNull(await SourceAsync(node.Outside, s_externals[1 - family], Sctp, 9513, node.Pods[1]));
        Assert.Equal((-1, -1), (PodOf(node, 9511), PodOf(node, 9512)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task The_node_as_a_client_is_refused_as_Pods_are(int family)
    {
        await using var node = await StartAsync();
        await node.ApplyAsync(node.PlainPods(), services: [Dual()], slices: []);
        Assert.Equal(SocketError.ConnectionRefused, await CallAsync(node.Node.Netns, s_cluster[family], Port));
        Assert.Equal(SocketError.ConnectionRefused, await CallAsync(node.Node.Netns, s_cluster[family], 9));
        Assert.Equal(SocketError.ConnectionRefused, await CallAsync(node.Node.Netns, s_externals[family], Port));
        Assert.Equal(SocketError.ConnectionRefused, await CallAsync(node.Node.Netns, Of(node.Node, family), NodePort(Tcp)));
        Assert.Equal(SocketError.ConnectionRefused, await CallAsync(node.Pods[0].Netns, s_externals[family], Port));
        Assert.Equal(SocketError.ConnectionRefused, await CallAsync(node.Outside.Netns, s_balancers[family], Port));
    }

    private static ServiceRecord Dual() =>
        Service("svc", [.. s_cluster.Select(address => $"{address}")]) with { ExternalIps = s_externals, LoadBalancerIps = s_balancers };

    private static IPAddress Of(Host host, int family) => family == 0 ? host.Address : host.Address6!;

    private static async Task<TestNode> StartAsync()
    {
        var node = await TestNode.StartAsync();
        foreach (var address in s_externals.Concat(s_balancers))
        {
            await node.RouteOutsideAsync(address);
        }

        return node;
    }

    // The Pods as endpoints of both families; the last one may be another node's.
    private static Task ApplyAsync(TestNode node, ServiceRecord service, Func<Host, (SliceEndpoint, SliceEndpoint)>? how, params Host?[] pods)
    {
        var known = pods.OfType<Host>().Select(pod => how is not null ? how(pod) : ReferenceEquals(pod, node.Remote) ? (There(pod), There6(pod)) : (Here(pod), Here6(pod))).ToList();
        return node.ApplyAsync(node.PlainPods(), services: [service], slices: [Slice([.. known.Select(pair => pair.Item1)]), Slice([.. known.Select(pair => pair.Item2)])]);
    }
}
