using System.Net;
using Trunkline.Node.Network.Cluster;
using Trunkline.Node.Network.Services;
using Trunkline.Policy.Model;
using Xunit;

namespace Trunkline.Node.IntegrationTests.Network;

public sealed class ServicesInKernelTests
{
    private const TransportProtocol Sctp = TransportProtocol.Sctp;
    private static readonly IPAddress s_service = IPAddress.Parse("172.30.0.10");

    private static ServiceRecord Service(bool local = false) => new("x", "svc")
    {
        ClusterIps = [s_service],
        ExternalLocal = local,
        Ports = [.. new[] { Sctp, TransportProtocol.Tcp, TransportProtocol.Udp }.Select(p => new ServiceRecordPort($"{p}", p, 38412, 31000 + (int)p))],
    };

    private static SliceRecord Slice(params Host[] endpoints) => new("x", "svc")
    {
        Ports = [.. new[] { Sctp, TransportProtocol.Tcp, TransportProtocol.Udp }.Select(p => new SlicePort($"{p}", p, 30102))],
        Endpoints = [.. endpoints.Select(host => new SliceEndpoint(host.Address, true, TestNode.NodeName))],
    };

    [Theory]
    [InlineData(TransportProtocol.Sctp)]
    [InlineData(TransportProtocol.Tcp)]
    [InlineData(TransportProtocol.Udp)]
    public async Task A_Pod_reaches_an_endpoint_through_the_ClusterIP(TransportProtocol protocol)
    {
        await using var node = await TestNode.StartAsync();
        await node.ApplyAsync(node.PlainPods(), services: [Service()], slices: [Slice(node.Pods[1])]);
        node.Pods[0].Send(s_service, protocol, 5000, 38412);
        var seen = await node.Pods[1].SeeAsync(protocol, 5000);
        Assert.NotNull(seen);
        Assert.Equal(30102, seen.DestinationPort);
        Assert.Equal(node.Pods[0].Address, seen.Source);
        Assert.True(protocol != Sctp || Wire.HasGoodCrc(seen.Transport), "the CRC32c after translation");
    }

    [Fact]
    public async Task Without_the_module_the_Pods_own_kernel_answers_also_through_the_Service()
    {
        await using var node = await TestNode.StartAsync();
        await node.ApplyAsync(node.PlainPods(), services: [Service()], slices: [Slice(node.Pods[1])]);
        node.Pods[0].Send(s_service, Sctp, 5001, 38412);
        Assert.NotNull(await node.Pods[0].SeeAsync(seen => seen.IsIcmp(3, 2)));
        node.Pods[0].Forget();
        node.Pods[0].Send(node.Pods[1].Address, Sctp, 5002, 30102);
        Assert.NotNull(await node.Pods[0].SeeAsync(seen => seen.IsIcmp(3, 2) && seen.Source.Equals(node.Pods[1].Address)));
    }

    [Theory]
    [InlineData(TransportProtocol.Sctp, 38412)]
    [InlineData(TransportProtocol.Tcp, 38412)]
    [InlineData(TransportProtocol.Udp, 38412)]
    [InlineData(TransportProtocol.Sctp, 9)]
    public async Task No_endpoint_and_no_such_port_are_refused(TransportProtocol protocol, int port)
    {
        await using var node = await TestNode.StartAsync();
        await node.ApplyAsync(node.PlainPods(), services: [Service()], slices: []);
        node.Pods[0].Send(s_service, protocol, 5003, port);
        Assert.NotNull(await node.Pods[0].SeeAsync(seen => seen.IsIcmp(3, 3)));
        if (port != 9)
        {
            node.Outside.Send(node.Address, protocol, 5004, 31000 + (int)protocol);
            Assert.NotNull(await node.Outside.SeeAsync(seen => seen.IsIcmp(3, 3)));
        }
    }

    [Fact]
    public async Task A_Pod_reaches_itself_through_its_Service_as_somebody_else()
    {
        await using var node = await TestNode.StartAsync();
        await node.ApplyAsync(node.PlainPods(), services: [Service()], slices: [Slice(node.Pods[0])]);
        node.Pods[0].Send(s_service, Sctp, 5005, 38412);
        var seen = await node.Pods[0].SeeAsync(Sctp, 5005);
        Assert.NotNull(seen);
        Assert.Equal(node.Address, seen.Source);
        Assert.True(Wire.HasGoodCrc(seen.Transport));
    }

    [Fact]
    public async Task The_nodePort_answers_at_the_nodes_address_and_hides_the_client_unless_Local()
    {
        await using var node = await TestNode.StartAsync();
        await node.ApplyAsync(node.PlainPods(), services: [Service()], slices: [Slice(node.Pods[2])]);
        node.Outside.Send(node.Address, Sctp, 5006, 31132);
        var seen = await node.Pods[2].SeeAsync(Sctp, 5006);
        Assert.NotNull(seen);
        Assert.Equal((node.Address, 30102), (seen.Source, seen.DestinationPort));
        Assert.True(Wire.HasGoodCrc(seen.Transport));
        await node.ApplyAsync(node.PlainPods(), services: [Service(local: true)], slices: [Slice(node.Pods[2])]);
        node.Outside.Send(node.Address, Sctp, 5007, 31132);
        Assert.Equal(node.Outside.Address, (await node.Pods[2].SeeAsync(Sctp, 5007))?.Source);
    }

    [Fact]
    public async Task The_node_itself_reaches_a_Service()
    {
        await using var node = await TestNode.StartAsync();
        await node.ApplyAsync(node.PlainPods(), services: [Service()], slices: [Slice(node.Pods[3])]);
        node.Node.Send(s_service, Sctp, 5008, 38412);
        Assert.NotNull(await node.Pods[3].SeeAsync(Sctp, 5008));
    }

    [Theory]
    [InlineData(TransportProtocol.Sctp)]
    [InlineData(TransportProtocol.Tcp)]
    [InlineData(TransportProtocol.Udp)]
    public async Task A_hostPort_is_the_nodes_and_keeps_the_client(TransportProtocol protocol)
    {
        await using var node = await TestNode.StartAsync();
        node.HostPorts = [new PodRecord("1", TestNode.Pod("x", "p2", node.Pods[2])) { HostPorts = [new HostPort(protocol, 8080, 30102)] }];
        await node.ApplyAsync(node.PlainPods());
        node.Outside.Send(node.Address, protocol, 5006, 8080);
        var seen = await node.Pods[2].SeeAsync(protocol, 5006);
        Assert.NotNull(seen);
        Assert.Equal((node.Outside.Address, 30102), (seen.Source, seen.DestinationPort));
    }

    [Fact]
    public async Task New_flows_spread_over_all_endpoints()
    {
        await using var node = await TestNode.StartAsync();
        await node.ApplyAsync(node.PlainPods(), services: [Service()], slices: [Slice(node.Pods[1], node.Pods[2], node.Pods[3])]);
        for (var port = 6000; port < 6300; port++)
        {
            node.Pods[0].Send(s_service, Sctp, port, 38412);
        }

        await TestNode.WaitAsync(() => Counts().Sum() == 300);
        Assert.All(Counts(), count => Assert.InRange(count, 60, 140)); // 100 each; five standard deviations are 41

        IReadOnlyList<int> Counts() => [.. node.Pods.Skip(1).Select(pod => pod.Arrived.Count(seen => seen.Protocol == (int)Sctp))];
    }

    [Theory]
    [InlineData(TransportProtocol.Sctp)]
    [InlineData(TransportProtocol.Udp)]
    public async Task A_flow_with_a_fixed_source_port_finds_the_new_endpoint_when_the_old_has_gone(TransportProtocol protocol)
    {
        await using var node = await TestNode.StartAsync();
        await node.ApplyAsync(node.PlainPods(), services: [Service()], slices: [Slice(node.Pods[1])]);
        node.Pods[0].Send(s_service, protocol, 5009, 38412);
        Assert.NotNull(await node.Pods[1].SeeAsync(protocol, 5009));
        await node.ApplyAsync(node.PlainPods(), services: [Service()], slices: [Slice(node.Pods[2])]);
        Assert.NotNull(await node.Pods[2].SeeAsync(protocol, 5009, again: () => node.Pods[0].Send(s_service, protocol, 5009, 38412)));
    }
}
