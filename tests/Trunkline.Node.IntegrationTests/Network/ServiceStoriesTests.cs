using System.Net;
using Trunkline.Node.Network.Cluster;
using Trunkline.Node.Network.Services;
using Trunkline.Policy.Model;
using Xunit;
using static Trunkline.Node.IntegrationTests.Network.Given;

namespace Trunkline.Node.IntegrationTests.Network;

/// <summary>What Kubernetes says of Services, each by packets: who gets them, from which address, and who gets nothing. Silence is decided by a sentinel sent behind.</summary>
public sealed class ServiceStoriesTests
{
    private const TransportProtocol Sctp = TransportProtocol.Sctp, Udp = TransportProtocol.Udp, Tcp = TransportProtocol.Tcp;
    private static readonly IPAddress s_external = IPAddress.Parse("192.168.126.230"), s_balancer = IPAddress.Parse("192.168.126.231");
    private static readonly IPAddress s_unallocated = IPAddress.Parse("172.30.9.9"), s_otherNode = IPAddress.Parse("192.168.126.12");

    [Theory]
    [InlineData(Sctp)]
    [InlineData(Tcp)]
    [InlineData(Udp)]
    public async Task ExternalIPs_and_balancers_addresses_lead_to_endpoints_and_hide_the_client_unless_Local(TransportProtocol protocol)
    {
        await using var node = await TestNode.StartAsync();
        await RoutesAsync(node);
        var service = Service() with { ExternalIps = [s_external], LoadBalancerIps = [s_balancer] };
        await node.ApplyAsync(node.PlainPods(), services: [service], slices: [Slice(Here(node.Pods[1]))]);
        Assert.Equal(node.Address, await SourceAsync(node.Outside, s_external, protocol, 5001, node.Pods[1]));
        Assert.Equal(node.Address, await SourceAsync(node.Outside, s_balancer, protocol, 5002, node.Pods[1]));
        Assert.Equal(node.Address, await SourceAsync(node.Pods[0], s_external, protocol, 5003, node.Pods[1]));
        Assert.NotNull(await SourceAsync(node.Node, s_balancer, protocol, 5004, node.Pods[1]));

        await node.ApplyAsync(node.PlainPods(), services: [service with { ExternalLocal = true }], slices: [Slice(Here(node.Pods[1]))]);
        Assert.Equal(node.Outside.Address, await SourceAsync(node.Outside, s_external, protocol, 5005, node.Pods[1]));
        Assert.Equal(node.Outside.Address, await SourceAsync(node.Outside, s_balancer, protocol, 5006, node.Pods[1]));
    }

    [Fact]
    public async Task With_externalTrafficPolicy_Local_and_nobody_here_the_outside_hears_nothing_but_Pods_and_the_node_are_served()
    {
        await using var node = await TestNode.StartAsync();
        await RoutesAsync(node);
        var service = Service() with { ExternalIps = [s_external], ExternalLocal = true };
        var other = Service("other", "172.30.0.11") with { Ports = [new ServiceRecordPort("s", Sctp, 38412, 32000)], ExternalIps = [] };
        await node.ApplyAsync(node.PlainPods(), services: [service, other],
            slices: [Slice(There(node.Remote)), SliceOf("other", TargetPort, Here(node.Pods[3])) with { Ports = [new SlicePort("s", Sctp, TargetPort)] }]);
        node.Outside.Send(node.Address, Sctp, 5010, NodePort(Sctp));
        node.Outside.Send(s_external, Sctp, 5011, Port);
        Assert.NotNull(await SourceAsync(node.Outside, node.Address, Sctp, 5012, node.Pods[3], 32000)); // the sentinel
        Assert.DoesNotContain(node.Outside.Arrived, seen => Quotes(seen, 5010) || Quotes(seen, 5011) || seen.SourcePort is 5010 or 5011);

        Assert.Equal(node.Pods[0].Address, await SourceAsync(node.Pods[0], s_external, Sctp, 5013, node.Remote));
        Assert.Equal(node.Address, await SourceAsync(node.Node, s_external, Sctp, 5014, node.Remote));

        // A Pod of another node comes back through this one.
        Assert.Equal(node.Address, await SourceAsync(node.Remote, node.Address, Sctp, 5015, node.Remote, NodePort(Sctp)));
    }

    [Fact]
    public async Task With_externalTrafficPolicy_Local_the_outside_reaches_this_nodes_endpoints_alone_and_Pods_all_of_them()
    {
        await using var node = await TestNode.StartAsync();
        await node.ApplyAsync(node.PlainPods(), services: [Service() with { ExternalLocal = true }], slices: [Slice(Here(node.Pods[1]), There(node.Remote))]);
        for (var port = 5100; port < 5120; port++)
        {
            Assert.Equal(node.Outside.Address, await SourceAsync(node.Outside, node.Address, Sctp, port, node.Pods[1], NodePort(Sctp)));
        }

        for (var port = 5200; port < 5240; port++)
        {
            node.Pods[0].Send(node.Address, Sctp, port, NodePort(Sctp));
        }

        await TestNode.WaitAsync(() => node.Pods[1].Arrived.Any(IsFromPod) && node.Remote.Arrived.Any(IsFromPod));

        static bool IsFromPod(Seen seen) => seen.Protocol == 132 && seen.SourcePort is >= 5200 and < 5240;
    }

    [Fact]
    public async Task InternalTrafficPolicy_Local_uses_this_nodes_endpoints_is_silent_where_others_have_them_and_refuses_where_nobody_has()
    {
        await using var node = await TestNode.StartAsync();
        var service = Service() with { InternalLocal = true };
        await node.ApplyAsync(node.PlainPods(), services: [service], slices: [Slice(Here(node.Pods[1]), There(node.Remote))]);
        for (var port = 5300; port < 5320; port++)
        {
            Assert.Equal(node.Pods[0].Address, await SourceAsync(node.Pods[0], ClusterIp, Sctp, port, node.Pods[1]));
        }

        // The nodePort is externalTrafficPolicy's: Cluster.
        await node.ApplyAsync(node.PlainPods(), services: [service], slices: [Slice(There(node.Remote))]);
        Assert.Equal(node.Address, await SourceAsync(node.Outside, node.Address, Sctp, 5321, node.Remote, NodePort(Sctp)));
        node.Pods[0].Forget();
        node.Pods[0].Send(ClusterIp, Sctp, 5322, Port);
        node.Pods[0].Send(ClusterIp, Sctp, 5323, 9);
        Assert.NotNull(await node.Pods[0].SeeAsync(seen => IsRefusalOf(seen, 5323)));
        Assert.DoesNotContain(node.Pods[0].Arrived, seen => IsRefusalOf(seen, 5322));

        await node.ApplyAsync(node.PlainPods(), services: [service], slices: []);
        node.Pods[0].Send(ClusterIp, Sctp, 5324, Port);
        Assert.NotNull(await node.Pods[0].SeeAsync(seen => IsRefusalOf(seen, 5324)));
    }

    [Fact]
    public async Task Endpoints_that_are_not_ready_get_nothing_and_ending_ones_only_where_there_is_no_other()
    {
        await using var node = await TestNode.StartAsync();
        await node.ApplyAsync(node.PlainPods(), services: [Service()],
            slices: [Slice(Here(node.Pods[1]), Here(node.Pods[2]).Unready(), Here(node.Pods[3]).Ending())]);
        for (var port = 5400; port < 5430; port++)
        {
            Assert.NotNull(await SourceAsync(node.Pods[0], ClusterIp, Sctp, port, node.Pods[1]));
        }

        await node.ApplyAsync(node.PlainPods(), services: [Service()], slices: [Slice(Here(node.Pods[2]).Unready(), Here(node.Pods[3]).Ending())]);
        Assert.NotNull(await SourceAsync(node.Pods[0], ClusterIp, Sctp, 5431, node.Pods[3]));

        // For policy Local it is this node's ready ones that count: the ending one here, though another node has a ready one.
        var local = Service() with { InternalLocal = true };
        await node.ApplyAsync(node.PlainPods(), services: [local], slices: [Slice(There(node.Remote), Here(node.Pods[3]).Ending())]);
        Assert.NotNull(await SourceAsync(node.Pods[0], ClusterIp, Sctp, 5432, node.Pods[3]));

        await node.ApplyAsync(node.PlainPods(), services: [Service()], slices: [Slice(Here(node.Pods[2]).Unready())]);
        node.Pods[0].Send(ClusterIp, Udp, 5433, Port);
        Assert.NotNull(await node.Pods[0].SeeAsync(seen => IsRefusalOf(seen, 5433)));
    }

    [Fact]
    public async Task Ports_are_joined_by_name_and_each_slice_has_its_own_number()
    {
        await using var node = await TestNode.StartAsync();
        var service = Service() with { Ports = [new ServiceRecordPort("n2", Sctp, 38412, null), new ServiceRecordPort("xn", Sctp, 38422, null), new ServiceRecordPort("n2", Udp, 38412, null)] };
        SliceRecord[] slices =
        [
            new("x", "svc") { Ports = [new SlicePort("n2", Sctp, 1001), new SlicePort("xn", Sctp, 1002)], Endpoints = [Here(node.Pods[1])] },
            new("x", "svc") { Ports = [new SlicePort("n2", Sctp, 2001)], Endpoints = [Here(node.Pods[2]), Here(node.Pods[2])] },
            new("x", "svc") { Ports = [new SlicePort("n2", Sctp, 2001)], Endpoints = [Here(node.Pods[2]).Unready()] },
            new("x", "svc") { Ports = [new SlicePort("other", Sctp, 9)], Endpoints = [Here(node.Pods[3])] },
        ];
        await node.ApplyAsync(node.PlainPods(), services: [service], slices: slices);
        for (var port = 5500; port < 5560; port++)
        {
            node.Pods[0].Send(ClusterIp, Sctp, port, 38412);
            node.Pods[0].Send(ClusterIp, Sctp, port + 100, 38422);
        }

        node.Pods[0].Send(ClusterIp, Udp, 5700, 38412);
        Assert.NotNull(await node.Pods[0].SeeAsync(seen => IsRefusalOf(seen, 5700)));
        await TestNode.WaitAsync(() => node.Pods.Sum(pod => pod.Arrived.Count(seen => seen.Protocol == 132)) == 120);
        Assert.Equal([1001, 1002], Ports(node.Pods[1]));
        Assert.Equal([2001], Ports(node.Pods[2]));
        Assert.Empty(Ports(node.Pods[3]));
        Assert.Equal(60, node.Pods[1].Arrived.Count(seen => seen.Protocol == 132 && seen.DestinationPort == 1002));

        static IEnumerable<int> Ports(Host pod) => pod.Arrived.Where(seen => seen.Protocol == 132).Select(seen => seen.DestinationPort).Distinct().Order();
    }

    [Fact]
    public async Task A_host_network_endpoint_keeps_the_Pods_address_and_an_external_one_does_not()
    {
        await using var node = await TestNode.StartAsync();
        await node.ApplyAsync(node.PlainPods(), services: [Service()], slices: [Slice(new SliceEndpoint(s_otherNode, true, "worker-1"))]);
        node.Pods[0].Send(ClusterIp, Sctp, 5800, Port);
        Assert.Equal(node.Pods[0].Address, (await node.Outside.SeeAsync(seen => IsAt(seen, s_otherNode, 5800)))?.Source);

        // Selector-less, to a host beyond the cluster: it would not know the way back to a Pod.
        await node.ApplyAsync(node.PlainPods(), services: [Service()], slices: [Slice(new SliceEndpoint(node.Outside.Address, true, null))]);
        node.Pods[0].Send(ClusterIp, Sctp, 5801, Port);
        Assert.Equal(node.Address, (await node.Outside.SeeAsync(seen => IsAt(seen, node.Outside.Address, 5801)))?.Source);
    }

    [Fact]
    public async Task A_nodePort_is_this_nodes_own_for_Pods_of_any_node_and_another_nodes_is_left_alone()
    {
        await using var node = await TestNode.StartAsync();
        await node.ApplyAsync(node.PlainPods(), services: [Service()], slices: [Slice(Here(node.Pods[1]))]);
        Assert.Equal(node.Address, await SourceAsync(node.Pods[0], node.Address, Sctp, 5900, node.Pods[1], NodePort(Sctp)));
        Assert.Equal(node.Address, await SourceAsync(node.Remote, node.Address, Sctp, 5901, node.Pods[1], NodePort(Sctp)));
        Assert.Equal(node.Address, await SourceAsync(node.Node, node.Address, Sctp, 5902, node.Pods[1], NodePort(Sctp)));
        node.Pods[0].Send(s_otherNode, Sctp, 5903, NodePort(Sctp));
        Assert.Equal(NodePort(Sctp), (await node.Outside.SeeAsync(seen => IsAt(seen, s_otherNode, 5903)))?.DestinationPort);
    }

    [Fact]
    public async Task Only_the_sources_a_balancer_allows_are_served()
    {
        await using var node = await TestNode.StartAsync();
        await RoutesAsync(node);
        var service = Service() with { LoadBalancerIps = [s_balancer], SourceRanges = [IPNetwork.Parse("192.168.126.200/32"), IPNetwork.Parse("fd00::/8")] };
        await node.ApplyAsync(node.PlainPods(), services: [service], slices: [Slice(Here(node.Pods[1]))]);
        node.Outside.Send(s_balancer, Sctp, 6000, Port, source: s_otherNode);
        node.Pods[0].Send(s_balancer, Sctp, 6001, Port);
        Assert.NotNull(await SourceAsync(node.Outside, s_balancer, Sctp, 6002, node.Pods[1]));
        Assert.DoesNotContain(node.Pods[1].Arrived, seen => seen.SourcePort is 6000 or 6001);
        Assert.NotNull(await SourceAsync(node.Pods[0], ClusterIp, Sctp, 6003, node.Pods[1]));

        await node.ApplyAsync(node.PlainPods(), services: [service with { SourceRanges = null }], slices: [Slice(Here(node.Pods[1]))]);
        Assert.NotNull(await SourceAsync(node.Pods[0], s_balancer, Sctp, 6005, node.Pods[1]));
    }

    [Fact]
    public async Task An_address_nobody_has_is_silence()
    {
        await using var node = await TestNode.StartAsync();
        await node.ApplyAsync(node.PlainPods(), services: [Service()], slices: [Slice(Here(node.Pods[1]))]);
        await node.OwnOutsideAsync(s_unallocated); // somebody there would take them
        node.Pods[0].Send(s_unallocated, Sctp, 6100, Port);
        node.Node.Send(s_unallocated, Sctp, 6101, Port);
        node.Pods[0].Send(ClusterIp, Sctp, 6102, 9);
        Assert.NotNull(await node.Pods[0].SeeAsync(seen => IsRefusalOf(seen, 6102)));
        node.Node.Send(s_otherNode, Sctp, 6103, 9);
        Assert.NotNull(await node.Outside.SeeAsync(seen => IsAt(seen, s_otherNode, 6103))); // the sentinel, on the way they would have gone
        Assert.DoesNotContain(node.Pods[0].Arrived, seen => IsRefusalOf(seen, 6100));
        Assert.DoesNotContain(node.Outside.Arrived, seen => seen.SourcePort is 6100 or 6101);
    }

    [Fact]
    public async Task A_host_outside_that_reaches_a_ClusterIP_is_hidden_as_Pods_know_no_way_back()
    {
        await using var node = await TestNode.StartAsync();
        await node.RouteOutsideAsync(ClusterIp);
        await node.ApplyAsync(node.PlainPods(), services: [Service()], slices: [Slice(Here(node.Pods[1]))]);
        Assert.Equal(node.Address, await SourceAsync(node.Outside, ClusterIp, Sctp, 6400, node.Pods[1]));
        Assert.Equal(node.Pods[0].Address, await SourceAsync(node.Pods[0], ClusterIp, Sctp, 6401, node.Pods[1]));
    }

    [Fact]
    public async Task Two_Services_at_one_address_the_first_by_name_has_it_and_no_externalIP_takes_a_ClusterIP()
    {
        await using var node = await TestNode.StartAsync();
        await RoutesAsync(node);
        var first = Service("b", "172.30.0.20") with { Ports = [new ServiceRecordPort("s", Sctp, Port, null)], ExternalIps = [s_external] };
        var second = first with { Name = "c", ClusterIps = [IPAddress.Parse("172.30.0.21")] };
        var thief = first with { Name = "a", ClusterIps = [IPAddress.Parse("172.30.0.22")], ExternalIps = [IPAddress.Parse("172.30.0.21"), IPAddress.Parse("172.30.0.20")] };
        SliceRecord Of(string name, params SliceEndpoint[] endpoints) => new("x", name) { Ports = [new SlicePort("s", Sctp, TargetPort)], Endpoints = endpoints };
        await node.ApplyAsync(node.PlainPods(), services: [second, thief, first], slices: [Of("b", Here(node.Pods[1])), Of("c", Here(node.Pods[2])), Of("a", Here(node.Pods[3]))]);
        Assert.NotNull(await SourceAsync(node.Outside, s_external, Sctp, 6200, node.Pods[1]));
        Assert.NotNull(await SourceAsync(node.Pods[0], IPAddress.Parse("172.30.0.21"), Sctp, 6201, node.Pods[2]));

        // Nobody serves the victim for a while: it is refused, and not the thief's.
        await node.ApplyAsync(node.PlainPods(), services: [second, thief], slices: [Of("a", Here(node.Pods[3]))]);
        node.Pods[0].Send(IPAddress.Parse("172.30.0.21"), Sctp, 6202, Port);
        Assert.NotNull(await node.Pods[0].SeeAsync(seen => IsRefusalOf(seen, 6202)));
        Assert.NotNull(await SourceAsync(node.Pods[0], IPAddress.Parse("172.30.0.20"), Sctp, 6203, node.Pods[3])); // that one is nobody's by now
    }

    [Fact]
    public async Task A_hostPort_yields_to_a_nodePort_and_stands_at_its_hostIP_alone()
    {
        await using var node = await TestNode.StartAsync();
        await RoutesAsync(node);
        node.HostPorts =
        [
            new PodRecord("1", TestNode.Pod("x", "p2", node.Pods[2]))
            {
                HostPorts = [new HostPort(Sctp, NodePort(Sctp), 1001), new HostPort(Sctp, 8080, 1002) { Address = s_external }, new HostPort(Sctp, 8081, 1003)],
            },
        ];
        await node.ApplyAsync(node.PlainPods(), services: [Service()], slices: [Slice(Here(node.Pods[1]))]);
        Assert.NotNull(await SourceAsync(node.Outside, node.Address, Sctp, 6300, node.Pods[1], NodePort(Sctp)));
        Assert.Equal(node.Outside.Address, await SourceAsync(node.Outside, s_external, Sctp, 6301, node.Pods[2], 8080));
        node.Outside.Send(node.Address, Sctp, 6302, 8080);
        Assert.Equal(node.Outside.Address, await SourceAsync(node.Outside, node.Address, Sctp, 6303, node.Pods[2], 8081));
        Assert.DoesNotContain(node.Pods[2].Arrived, seen => seen.SourcePort == 6302);
        Assert.Equal(node.Address, await SourceAsync(node.Pods[2], node.Address, Sctp, 6304, node.Pods[2], 8081)); // hairpin
    }

    private static async Task RoutesAsync(TestNode node)
    {
        await node.RouteOutsideAsync(s_external);
        await node.RouteOutsideAsync(s_balancer);
    }

    /// <summary>Where the packet of one flow seems to come from at who should get it; null where it does not get it.</summary>
    private static async Task<IPAddress?> SourceAsync(Host from, IPAddress to, TransportProtocol protocol, int sourcePort, Host at, int port = Port)
    {
        from.Send(to, protocol, sourcePort, port);
        return (await at.SeeAsync(protocol, sourcePort))?.Source;
    }

    private static bool IsAt(Seen seen, IPAddress destination, int sourcePort) => seen.Protocol == 132 && seen.Destination.Equals(destination) && seen.SourcePort == sourcePort;

    // ICMP port unreachable; what it quotes begins with the IP header of 20 bytes.
    private static bool IsRefusalOf(Seen seen, int sourcePort) => seen.IsIcmp(3, 3) && Quotes(seen, sourcePort);

    private static bool Quotes(Seen seen, int sourcePort) =>
        seen.Protocol == 1 && seen.Transport.Length >= 30 && ((seen.Transport[28] << 8) | seen.Transport[29]) == sourcePort;
}
