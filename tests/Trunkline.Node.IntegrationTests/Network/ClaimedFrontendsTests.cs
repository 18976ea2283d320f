using System.Net;
using System.Net.Sockets;
using Trunkline.Node.Network.Cluster;
using Trunkline.Node.Network.Services;
using Trunkline.Policy.Model;
using Xunit;
using static Trunkline.Node.IntegrationTests.Network.Given;
using static Trunkline.Node.IntegrationTests.Network.ServiceTraffic;

namespace Trunkline.Node.IntegrationTests.Network;

/// <summary>Addresses that are not a Service's alone: a node's or a Pod's own, another Service's, another family's.</summary>
public sealed class ClaimedFrontendsTests
{
    private const TransportProtocol Sctp = TransportProtocol.Sctp, Udp = TransportProtocol.Udp;
    private static readonly IPAddress s_balancer = IPAddress.Parse("192.168.126.231"), s_balancer6 = IPAddress.Parse("fd00:126::e1"), s_external = IPAddress.Parse("192.168.126.230");

    [Fact]
    public async Task A_balancers_address_that_is_a_nodes_or_a_Pods_own_leaves_their_other_ports_alone()
    {
        await using var node = await TestNode.StartAsync();
        var service = Service("svc", "172.30.0.10", "fd02::10") with { LoadBalancerIps = [node.Address, node.Address6, node.Pods[2].Address, node.Pods[2].Address6!] };
        await node.ApplyAsync(node.PlainPods(), services: [service], slices: [Slice(Here(node.Pods[1])), Slice(new SliceEndpoint(node.Pods[1].Address6!, true, TestNode.NodeName))]);
        using var listener = Listen(node.Node.Netns, 2222);
        Assert.Null(await CallAsync(node.Outside.Netns, node.Address, 2222));
        Assert.Null(await CallAsync(node.Outside.Netns, node.Address6, 2222));
        Assert.Null(await CallAsync(node.Node.Netns, node.Address, 2222));
        Assert.NotNull(await SourceAsync(node.Pods[0], node.Pods[2].Address, Udp, 6500, node.Pods[2], 9999));
        Assert.NotNull(await SourceAsync(node.Pods[0], node.Pods[2].Address6!, Sctp, 6501, node.Pods[2], 9999));
        Assert.NotNull(await SourceAsync(node.Outside, node.Address, Sctp, 6502, node.Pods[1]));
        Assert.NotNull(await SourceAsync(node.Outside, node.Address6, Sctp, 6503, node.Pods[1]));
    }

    [Fact]
    public async Task Other_ports_of_an_address_that_the_rack_gave_are_refused_by_the_node_that_answers_for_it()
    {
        await using var node = await TestNode.StartAsync();
        await node.RouteOutsideAsync(s_balancer);
        await node.RouteOutsideAsync(s_balancer6);
        await node.SinkAsync(s_balancer, s_balancer6);
        var service = Service("svc", "172.30.0.10", "fd02::10") with { LoadBalancerIps = [s_balancer, s_balancer6] };
        await node.ApplyAsync(node.PlainPods(), services: [service], slices: [Slice(Here(node.Pods[1]))]);
        Assert.NotNull(await SourceAsync(node.Outside, s_balancer, Sctp, 6510, node.Pods[1]));
        var port = 6511;
        foreach (var (from, to) in new[] { (node.Outside, s_balancer), (node.Outside, s_balancer6), (node.Pods[0], s_balancer), (node.Pods[0], s_balancer6) })
        {
            from.Send(to, Sctp, ++port, 9);
            Assert.NotNull(await from.SeeAsync(seen => IsRefusalOf(seen, port)));
        }

        Assert.Equal(SocketError.ConnectionRefused, await CallAsync(node.Node.Netns, s_balancer, 9));
        Assert.Equal(SocketError.ConnectionRefused, await CallAsync(node.Node.Netns, s_balancer6, 9));
        Assert.DoesNotContain(node.Outside.Arrived, seen => seen.DestinationPort == 9);
    }

    [Fact]
    public async Task An_externalIP_never_takes_a_balancers_address_and_source_ranges_are_those_of_who_has_it()
    {
        await using var node = await TestNode.StartAsync();
        await node.RouteOutsideAsync(s_balancer);
        var thief = One("a", "172.30.0.21") with { ExternalIps = [s_balancer] };
        var owner = One("b", "172.30.0.22") with { LoadBalancerIps = [s_balancer] };
        var second = One("c", "172.30.0.23") with { LoadBalancerIps = [s_balancer], SourceRanges = [IPNetwork.Parse("192.168.126.12/32")] };
        SliceRecord[] slices = [OneSlice("a", node.Pods[1]), OneSlice("b", node.Pods[2]), OneSlice("c", node.Pods[3])];
        foreach (var order in new ServiceRecord[][] { [thief, owner, second], [second, owner, thief] })
        {
            await node.ApplyAsync(node.PlainPods());
            foreach (var service in order.Select((_, count) => order[..(count + 1)]).Where(some => some.Contains(owner)))
            {
                await node.ApplyAsync(node.PlainPods(), services: service, slices: slices);
                node.Pods[2].Forget();
                Assert.Equal(node.Address, await SourceAsync(node.Outside, s_balancer, Sctp, 6520 + service.Length, node.Pods[2]));
            }
        }

        // The owner goes: the next has the address, and its ranges stand before it.
        await node.ApplyAsync(node.PlainPods(), services: [thief, second], slices: slices);
        node.Outside.Send(s_balancer, Sctp, 6530, Port);
        node.Outside.Send(s_balancer, Sctp, 6531, Port, source: IPAddress.Parse("192.168.126.12"));
        Assert.NotNull(await node.Pods[3].SeeAsync(Sctp, 6531));
        Assert.Equal(-1, PodOf(node, 6530));

        await node.ApplyAsync(node.PlainPods(), services: [thief], slices: slices);
        Assert.NotNull(await SourceAsync(node.Outside, s_balancer, Sctp, 6532, node.Pods[1]));
    }

    [Fact]
    public async Task A_frontend_that_changes_hands_is_swept_and_one_who_leaves_without_having_had_it_cuts_nothing()
    {
        await using var node = await TestNode.StartAsync();
        await node.RouteOutsideAsync(s_external);
        var owner = One("b", "172.30.0.22", Udp) with { ExternalIps = [s_external] };
        var other = One("c", "172.30.0.23", Udp) with { ExternalIps = [s_external] };
        SliceRecord[] slices = [OneSlice("b", node.Pods[2], Udp), OneSlice("c", node.Pods[3], Udp)];
        await node.ApplyAsync(node.PlainPods(), services: [owner, other], slices: slices);
        Assert.NotNull(await SourceAsync(node.Outside, s_external, Udp, 6600, node.Pods[2]));
        Assert.NotNull(await SourceAsync(node.Pods[0], IPAddress.Parse("172.30.0.23"), Udp, 6601, node.Pods[3]));
        await node.ApplyAsync(node.PlainPods(), services: [owner], slices: slices);
        await TestNode.WaitAsync(() => Known(node, 6600, 10).SetEquals([6600])); // the sweep has been

        await node.ApplyAsync(node.PlainPods(), services: [owner, other], slices: slices);
        await node.ApplyAsync(node.PlainPods(), services: [other], slices: slices);
        await TestNode.WaitAsync(() => Known(node, 6600, 10).Count == 0);
        Assert.NotNull(await SourceAsync(node.Outside, s_external, Udp, 6600, node.Pods[3]));
    }

    [Fact]
    public async Task A_hostPort_that_changes_hands_is_swept_and_a_second_Pod_that_ends_cuts_nothing()
    {
        await using var node = await TestNode.StartAsync();
        var records = new[] { 1, 2 }.Select(index => new PodRecord($"x/p{index}", TestNode.Pod("x", $"p{index}", node.Pods[index])) { HostPorts = [new HostPort(Udp, 8080, TargetPort), new HostPort(Udp, 8080 + index, TargetPort)] }).ToList();
        node.HostPorts = records;
        await node.ApplyAsync(node.PlainPods());
        Assert.NotNull(await SourceAsync(node.Outside, node.Address, Udp, 6610, node.Pods[1], 8080));
        Assert.NotNull(await SourceAsync(node.Outside, node.Address, Udp, 6611, node.Pods[2], 8082));
        node.HostPorts = [records[0]];
        await node.ApplyAsync(node.PlainPods());
        await TestNode.WaitAsync(() => Known(node, 6610, 10).SetEquals([6610]));
        node.HostPorts = records;
        await node.ApplyAsync(node.PlainPods());
        node.HostPorts = [records[1]];
        await node.ApplyAsync(node.PlainPods());
        await TestNode.WaitAsync(() => Known(node, 6610, 10).Count == 0);
        Assert.NotNull(await SourceAsync(node.Outside, node.Address, Udp, 6610, node.Pods[2], 8080));
    }

    [Fact]
    public async Task A_Service_of_one_family_leaves_the_other_familys_nodePort_to_programs()
    {
        await using var node = await TestNode.StartAsync();
        var number = NodePort(TransportProtocol.Tcp);
        await node.ApplyAsync(node.PlainPods(), services: [Service()], slices: []);
        using var listener = Listen(node.Node.Netns, number);
        Assert.Null(await CallAsync(node.Outside.Netns, node.Address6, number));
        Assert.Equal(SocketError.ConnectionRefused, await CallAsync(node.Outside.Netns, node.Address, number));
    }

    private static ServiceRecord One(string name, string address, TransportProtocol protocol = Sctp) =>
        Service(name, address) with { Ports = [new ServiceRecordPort("s", protocol, Port, null)] };

    private static SliceRecord OneSlice(string name, Host pod, TransportProtocol protocol = Sctp) =>
        new("x", name) { Ports = [new SlicePort("s", protocol, TargetPort)], Endpoints = [Here(pod)] };
}
