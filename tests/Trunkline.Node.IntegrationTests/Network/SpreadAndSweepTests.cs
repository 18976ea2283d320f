using System.Net;
using System.Net.Sockets;
using Trunkline.Node.Network.Cluster;
using Trunkline.Node.Network.Flows;
using Trunkline.Node.Network.Netlink;
using Trunkline.Node.Network.Services;
using Trunkline.Policy.Model;
using Xunit;
using static Trunkline.Node.IntegrationTests.Network.Given;

namespace Trunkline.Node.IntegrationTests.Network;

/// <summary>What the kernel's table of flows says: how evenly endpoints are chosen, and which flows are forgotten when something goes.</summary>
public sealed class SpreadAndSweepTests
{
    private const TransportProtocol Sctp = TransportProtocol.Sctp, Udp = TransportProtocol.Udp;
    private static readonly IPAddress s_external = IPAddress.Parse("192.168.126.230");

    [Fact]
    public async Task New_flows_spread_within_five_percent_of_even()
    {
        const int Flows = 21_000;
        await using var node = await TestNode.StartAsync();
        await node.ApplyAsync(node.PlainPods(), services: [Service()], slices: [Slice(Here(node.Pods[1]), Here(node.Pods[2]), Here(node.Pods[3]))]);
        for (var flow = 0; flow < Flows; flow++)
        {
            node.Pods[0].Send(ClusterIp, Udp, 10_000 + flow, Port);
        }

        var flows = node.Flows.List(new FlowFilter { Protocol = (int)Udp, Destination = ClusterIp, DestinationPort = Port });
        Assert.True(flows.Count > Flows * 0.95, $"the kernel knows {flows.Count} flows");
        var even = flows.Count / 3.0; // its standard deviation is 1 %
        Assert.All(flows.GroupBy(flow => flow.Target), target => Assert.InRange(target.Count(), even * 0.95, even * 1.05));
    }

    [Theory]
    [InlineData(Sctp)]
    [InlineData(Udp)]
    public async Task Flows_of_an_endpoint_that_goes_are_forgotten_at_every_frontend_and_others_stay(TransportProtocol protocol)
    {
        await using var node = await TestNode.StartAsync();
        await node.RouteOutsideAsync(s_external);
        var service = Service() with { ExternalIps = [s_external] };
        PodRecord host = new("1", TestNode.Pod("x", "p2", node.Pods[2])) { HostPorts = [new HostPort(protocol, 8080, 30102)] };
        node.HostPorts = [host];
        await node.ApplyAsync(node.PlainPods(), services: [service], slices: [Slice(Here(node.Pods[1]))]);
        node.Pods[0].Send(ClusterIp, protocol, 8001, Port);
        node.Outside.Send(node.Address, protocol, 8002, NodePort(protocol));
        node.Outside.Send(s_external, protocol, 8003, Port);
        node.Outside.Send(node.Address, protocol, 8004, 8080);
        node.Pods[0].Send(node.Pods[3].Address, protocol, 8005, 30102);
        await TestNode.WaitAsync(() => Known(node).SetEquals([8001, 8002, 8003, 8004, 8005]));

        node.HostPorts = [];
        await node.ApplyAsync(node.PlainPods(), services: [service], slices: [Slice(Here(node.Pods[3]))]);
        await TestNode.WaitAsync(() => Known(node).SetEquals([8005]));
    }

    [Fact]
    public async Task A_TCP_connection_outlives_its_endpoints_place_in_the_Service()
    {
        await using var node = await TestNode.StartAsync();
        await node.ApplyAsync(node.PlainPods(), services: [Service()], slices: [Slice(Here(node.Pods[1]))]);
        using var listener = NamespaceThread.Run($"/run/netns/{node.Pods[1].Netns}", () =>
        {
            var made = new TcpListener(IPAddress.Any, TargetPort);
            made.Start();
            return made;
        });
        using var client = NamespaceThread.Run($"/run/netns/{node.Pods[0].Netns}", () => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        var token = TestContext.Current.CancellationToken;
        await client.ConnectAsync(new IPEndPoint(ClusterIp, Port), token);
        using var server = await listener.AcceptSocketAsync(token);
        node.Pods[2].Send(ClusterIp, Udp, 8301, Port);
        await TestNode.WaitAsync(() => Known(node).Contains(8301));

        await node.ApplyAsync(node.PlainPods(), services: [Service()], slices: [Slice(Here(node.Pods[3]))]);
        await TestNode.WaitAsync(() => !Known(node).Contains(8301)); // the sweep has been
        await client.SendAsync("still here"u8.ToArray(), token);
        var buffer = new byte[16];
        Assert.Equal(10, await server.ReceiveAsync(buffer, token));
    }

    [Fact]
    public async Task A_flow_that_began_before_there_was_a_Service_finds_it_and_a_deleted_Service_keeps_none()
    {
        await using var node = await TestNode.StartAsync();
        await node.ApplyAsync(node.PlainPods());
        node.Outside.Send(node.Address, Udp, 8100, NodePort(Udp));
        await TestNode.WaitAsync(() => Known(node).Contains(8100));
        await node.ApplyAsync(node.PlainPods(), services: [Service()], slices: [Slice(Here(node.Pods[1]))]);
        Assert.NotNull(await node.Pods[1].SeeAsync(Udp, 8100, 20_000, () => node.Outside.Send(node.Address, Udp, 8100, NodePort(Udp))));
        await node.ApplyAsync(node.PlainPods());
        await TestNode.WaitAsync(() => !Known(node).Contains(8100));
    }

    [Fact]
    public async Task An_endpoint_published_though_it_is_not_ready_keeps_its_flows_when_another_goes()
    {
        await using var node = await TestNode.StartAsync();
        var published = new[] { 1, 2 }.Select(index => Here(node.Pods[index]) with { Ready = true, Serving = false }).ToArray();
        await node.ApplyAsync(node.PlainPods(), services: [Service()], slices: [Slice(published)]);
        for (var port = 8000; port < 8040; port++)
        {
            node.Pods[0].Send(ClusterIp, port % 2 == 0 ? Udp : Sctp, port, Port);
        }

        await TestNode.WaitAsync(() => Known(node).Count == 40);
        var staying = node.Flows.List().Where(flow => flow.Target.Equals(node.Pods[1].Address)).Select(flow => flow.SourcePort).ToHashSet();
        await node.ApplyAsync(node.PlainPods(), services: [Service()], slices: [Slice(published[0])]);
        await TestNode.WaitAsync(() => Known(node).All(staying.Contains)); // the sweep has been
        Assert.Equal(staying.Order(), Known(node).Order());
    }

    [Fact]
    public async Task What_went_while_no_agent_looked_keeps_no_flow_and_what_is_nobodys_business_keeps_its_own()
    {
        await using var node = await TestNode.StartAsync();
        await node.RouteOutsideAsync(s_external);
        var gone = Service("gone", "172.30.0.11") with { ExternalIps = [s_external], Ports = [new ServiceRecordPort("u", Udp, Port, 31500)] };
        var goneSlice = new SliceRecord("x", "gone") { Ports = [new SlicePort("u", Udp, TargetPort)], Endpoints = [Here(node.Pods[2])] };
        await node.ApplyAsync(node.PlainPods(), services: [Service(), gone], slices: [Slice(Here(node.Pods[1])), goneSlice]);
        node.Pods[0].Send(IPAddress.Parse("172.30.0.11"), Udp, 8001, Port);
        node.Outside.Send(node.Address, Udp, 8002, 31500);
        node.Outside.Send(s_external, Udp, 8003, Port);
        node.Pods[0].Send(ClusterIp, Udp, 8004, Port);
        node.Pods[0].Send(node.Pods[3].Address, Udp, 8005, Port);
        node.Pods[0].Send(node.Outside.Address, Udp, 8006, 31500); // translated at its source only
        await TestNode.WaitAsync(() => Known(node).SetEquals([8001, 8002, 8003, 8004, 8005, 8006]));
        await node.RestartAgentAsync();
        await node.ApplyAsync(node.PlainPods(), services: [Service()], slices: [Slice(Here(node.Pods[1]))]);
        await TestNode.WaitAsync(() => Known(node).SetEquals([8004, 8005, 8006]));
    }

    [Fact]
    public async Task Many_frontends_are_swept_by_one_list_as_few_by_one_question_each()
    {
        await using var node = await TestNode.StartAsync();
        var service = Service() with { Ports = [.. Enumerable.Range(0, 20).Select(number => new ServiceRecordPort($"u{number}", Udp, 9000 + number, null))] };
        SliceRecord Of(Host pod) => new("x", "svc") { Ports = [.. Enumerable.Range(0, 20).Select(number => new SlicePort($"u{number}", Udp, TargetPort + number))], Endpoints = [Here(pod)] };
        await node.ApplyAsync(node.PlainPods(), services: [service], slices: [Of(node.Pods[1])]);
        for (var number = 0; number < 20; number++)
        {
            node.Pods[0].Send(ClusterIp, Udp, 8000 + number, 9000 + number);
        }

        node.Pods[0].Send(node.Pods[3].Address, Udp, 8050, 9);
        await TestNode.WaitAsync(() => Known(node).Count == 21);
        await node.ApplyAsync(node.PlainPods(), services: [service], slices: [Of(node.Pods[2])]);
        await TestNode.WaitAsync(() => Known(node).SetEquals([8050]));
    }

    [Fact]
    public async Task The_kernel_names_only_what_is_asked_for()
    {
        await using var node = await TestNode.StartAsync();
        await node.ApplyAsync(node.PlainPods(), services: [Service()], slices: [Slice(Here(node.Pods[1]))]);
        node.Pods[0].Send(ClusterIp, Udp, 8200, Port);
        node.Pods[2].Send(ClusterIp, Sctp, 8201, Port);
        node.Pods[2].Send(node.Pods[3].Address, Udp, 8202, 9);
        await TestNode.WaitAsync(() => Known(node).SetEquals([8200, 8201, 8202]));
        FlowFilter[] filters =
        [
            new() { Source = node.Pods[0].Address }, new() { Destination = ClusterIp }, new() { Protocol = 17, Destination = ClusterIp, DestinationPort = Port },
            new() { Target = node.Pods[1].Address }, new() { Target = node.Pods[3].Address }, new() { Destination = node.Pods[3].Address, Protocol = 132 },
        ];
        var all = node.Flows.List();
        foreach (var filter in filters)
        {
            Assert.Equal(all.Where(filter.Matches).Select(flow => flow.SourcePort).Order(), node.Flows.List(filter).Select(flow => flow.SourcePort).Order());
        }
    }

    private static HashSet<int> Known(TestNode node) => [.. node.Flows.List().Select(flow => flow.SourcePort).Where(port => port is >= 8000 and < 8400)];
}
