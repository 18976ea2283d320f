using System.Net;
using Trunkline.Node.IntegrationTests.Witnesses;
using Trunkline.Node.Network.Secondary;
using Trunkline.Policy.Model;
using Xunit;

namespace Trunkline.Node.IntegrationTests.Network;

public sealed class PodLinksInKernelTests
{
    private const TransportProtocol Sctp = TransportProtocol.Sctp, Udp = TransportProtocol.Udp;
    private static readonly NetworkPolicy s_denyAll = new("x", "deny");

    [Fact]
    public async Task Pods_the_node_other_nodes_and_the_outside_reach_each_other()
    {
        await using var node = await TestNode.StartAsync();
        await node.ApplyAsync(node.PlainPods());
        node.Pods[0].Send(node.Pods[1].Address, Sctp, 7000, 1);
        node.Pods[0].Send(node.Remote.Address, Sctp, 7001, 1);
        node.Remote.Send(node.Pods[0].Address, Sctp, 7002, 1);
        node.Node.Send(node.Pods[0].Address, Sctp, 7003, 1);
        node.Pods[0].Send(node.Outside.Address, Sctp, 7004, 1);
        Assert.NotNull(await node.Pods[1].SeeAsync(Sctp, 7000));
        Assert.NotNull(await node.Remote.SeeAsync(Sctp, 7001));
        Assert.NotNull(await node.Pods[0].SeeAsync(Sctp, 7002));
        Assert.NotNull(await node.Pods[0].SeeAsync(Sctp, 7003));
        Assert.Equal(node.Address, (await node.Outside.SeeAsync(Sctp, 7004))?.Source);
    }

    // A secondary network may have it: an agent that starts again leaves it there.
    [Fact]
    public async Task A_cable_that_is_restored_leaves_the_default_route_where_it_is()
    {
        await using var node = await TestNode.StartAsync();
        var netns = node.Pods[0].Netns;
        await RulesNode.RunAsync("ip", ["-n", netns, "link", "add", "net1", "type", "veth", "peer", "name", "net1-peer"]);
        await RulesNode.RunAsync("ip", ["-n", netns, "addr", "add", "10.9.0.5/24", "dev", "net1"]);
        await RulesNode.RunAsync("ip", ["-n", netns, "link", "set", "net1", "up"]);
        await RulesNode.RunAsync("ip", ["-n", netns, "link", "set", "net1-peer", "up"]);
        foreach (var command in SecondaryCommands.DefaultRoutes("net1", [IPAddress.Parse("10.9.0.1")]))
        {
            await RulesNode.RunAsync("ip", ["-n", netns, .. command.Split(' ')]);
        }

        node.Restore(node.Pods[0]);
        Assert.StartsWith("default via 10.9.0.1 dev net1", await RulesNode.RunAsync("ip", ["-n", netns, "route", "show", "default"]), StringComparison.Ordinal);
        await RulesNode.RunAsync("ip", ["-n", netns, "route", "del", "default"]);
        node.Restore(node.Pods[0]);
        Assert.StartsWith("default via 169.254.1.1 dev eth0", await RulesNode.RunAsync("ip", ["-n", netns, "route", "show", "default"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Pod_cannot_send_from_anothers_address()
    {
        await using var node = await TestNode.StartAsync();
        await node.ApplyAsync(node.PlainPods());
        foreach (var forged in new[] { node.Pods[2].Address, node.Outside.Address, node.Address, IPAddress.Parse("10.128.2.99"), IPAddress.Parse("8.8.8.8") })
        {
            node.Pods[0].Send(node.Pods[1].Address, Udp, 7010, 1, forged);
        }

        node.Pods[0].Send(node.Pods[1].Address, Udp, 7011, 1);
        Assert.NotNull(await node.Pods[1].SeeAsync(Udp, 7011));
        Assert.Null(await node.Pods[1].SeeAsync(Udp, 7010, 100));
    }

    [Fact]
    public async Task A_Pod_nobody_knows_yet_is_closed_in_both_directions()
    {
        await using var node = await TestNode.StartAsync();
        var known = node.PlainPods().ToList();
        var fresh = await node.AddPodAsync("10.128.2.20");
        await node.ApplyAsync(known);
        node.Pods[0].Send(fresh.Address, Sctp, 7020, 1);
        fresh.Send(node.Pods[0].Address, Sctp, 7021, 1);
        Assert.Null(await fresh.SeeAsync(Sctp, 7020, 200));
        Assert.Null(await node.Pods[0].SeeAsync(Sctp, 7021, 0));
        await node.ApplyAsync(node.PlainPods());
        node.Pods[0].Send(fresh.Address, Sctp, 7022, 1);
        Assert.NotNull(await fresh.SeeAsync(Sctp, 7022));
    }

    [Theory]
    [InlineData(TransportProtocol.Sctp)]
    [InlineData(TransportProtocol.Udp)]
    public async Task A_flow_under_way_ends_when_a_policy_no_longer_allows_it_and_comes_back_after(TransportProtocol protocol)
    {
        await using var node = await TestNode.StartAsync();
        await node.ApplyAsync(node.PlainPods());
        node.Pods[0].Send(node.Pods[1].Address, protocol, 7030, 9);
        Assert.NotNull(await node.Pods[1].SeeAsync(protocol, 7030));
        await node.ApplyAsync(node.PlainPods(), [s_denyAll]);
        node.Pods[1].Forget();
        node.Pods[0].Send(node.Pods[1].Address, protocol, 7030, 9);
        Assert.Null(await node.Pods[1].SeeAsync(protocol, 7030, 200));
        Assert.Equal(1, (await node.DroppedAsync())[$"{node.Pods[0].Address} {node.Pods[1].Address} {protocol.Lower()} 9"]);
        await node.ApplyAsync(node.PlainPods());
        node.Pods[0].Send(node.Pods[1].Address, protocol, 7030, 9);
        Assert.NotNull(await node.Pods[1].SeeAsync(protocol, 7030));
    }

    [Fact]
    public async Task A_Pods_silence_is_complete_under_a_policy_and_rules_that_were_broken_are_mended()
    {
        await using var node = await TestNode.StartAsync();
        await node.ApplyAsync(node.PlainPods(), [s_denyAll]);
        await node.NftAsync("flush", "map", "inet", "trunkline", "ingress_pods"); // somebody meddles: still closed, as nobody is known
        node.Pods[1].Forget();
        node.Pods[0].Send(node.Pods[1].Address, Sctp, 7040, 9);
        Assert.Null(await node.Pods[1].SeeAsync(_ => true, 200));
        await node.ApplyAsync(node.PlainPods()); // the change meets a table that is not what it was: refused, and all of it written again
        node.Pods[0].Send(node.Pods[1].Address, Sctp, 7041, 9);
        Assert.NotNull(await node.Pods[1].SeeAsync(Sctp, 7041));
    }

    [Fact]
    public async Task Attaching_twice_is_attaching_once_and_detaching_leaves_nothing()
    {
        await using var node = await TestNode.StartAsync();
        var fresh = await node.AddPodAsync("10.128.2.21", captures: false);
        node.Detach(fresh);
        node.Detach(fresh);
        await node.ApplyAsync(node.PlainPods());
        node.Pods[0].Send(fresh.Address, Sctp, 7050, 9);
        Assert.NotNull(await node.Pods[0].SeeAsync(seen => seen.IsIcmp(3, 1))); // an unassigned address of this node: host unreachable
    }
}
