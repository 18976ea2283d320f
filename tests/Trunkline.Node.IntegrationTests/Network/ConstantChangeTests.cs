using System.Net;
using Trunkline.Node.Network.Services;
using Trunkline.Policy.Model;
using Xunit;

namespace Trunkline.Node.IntegrationTests.Network;

/// <summary>Traffic while the rules change all the time, and while the agent is another: nothing is wrongly cut, and nothing is left as somebody made it by hand.</summary>
public sealed class ConstantChangeTests
{
    private const TransportProtocol Sctp = TransportProtocol.Sctp;
    private const int Changes = 60, Port = 38412, TargetPort = 30102, Fixed = 4000;
    private static readonly IPAddress s_service6 = IPAddress.Parse("fd02::10");
    private static readonly IPAddress s_service = IPAddress.Parse("172.30.0.10"), s_other = IPAddress.Parse("172.30.0.11");

    [Fact]
    public async Task New_and_old_flows_lose_no_packet_while_Services_change_all_the_time()
    {
        await using var node = await TestNode.StartAsync();
        var (client, first, second) = (node.Pods[0], node.Pods[1], node.Pods[2]);
        await ApplyAsync(node, [first]);
        client.Send(s_service, TransportProtocol.Udp, Fixed, Port);
        Assert.NotNull(await first.SeeAsync(TransportProtocol.Udp, Fixed));
        for (var change = 0; change < Changes; change++)
        {
            // The rules are on their way while packets are; the first endpoint stays, so the old flow has its own.
            var applied = ApplyAsync(node, change % 3 == 0 ? [first] : change % 3 == 1 ? [first, second] : [second, first], others: change % 7);
            for (var packet = 0; packet < 3; packet++)
            {
                client.Send(s_service, Sctp, 5000 + (change * 3) + packet, Port);
                client.Send(s_service, TransportProtocol.Udp, Fixed, Port);
            }

            await applied;
        }

        for (var port = 5000; port < 5000 + (Changes * 3); port++)
        {
            Assert.True(await first.SeeAsync(Sctp, port, second.Arrived.Any(seen => seen.Protocol == (int)Sctp && seen.SourcePort == port) ? 0 : 3000) is not null
                || second.Arrived.Any(seen => seen.Protocol == (int)Sctp && seen.SourcePort == port), $"the INIT from port {port} went nowhere");
        }

        await ArrivedAsync(first, (Changes * 3) + 1);
        Assert.DoesNotContain(second.Arrived, seen => seen.Protocol == (int)TransportProtocol.Udp);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Associations_and_connections_through_Services_lose_nothing_while_rules_change_and_are_written_anew(bool anew)
    {
        await using var node = await TestNode.StartAsync();
        var (client, first, second) = (node.Pods[0], node.Pods[1], node.Pods[2]);
        await ApplyDualAsync(node, [first], 0);
        HandMadeAssociation[] associations = [new(client, first, 6000, TargetPort, (s_service, Port)), new(client, first, 6001, TargetPort, (s_service6, Port))];
        foreach (var association in associations)
        {
            await association.EstablishAsync();
        }

        using var connection = await Connection.MakeAsync(client, first, s_service, Port);
        using var connection6 = await Connection.MakeAsync(client, first, s_service6, Port);
        var rounds = anew ? Changes / 3 : Changes;
        for (var change = 0; change < rounds; change++)
        {
            if (anew)
            {
                await node.NftAsync("add", "chain", "inet", "trunkline", $"strange{change}"); // somebody's hand: everything is written anew
            }

            var applied = ApplyDualAsync(node, change % 3 == 0 ? [first] : change % 3 == 1 ? [first, second] : [second, first], change % 7);

            // All the time until the change is in force.
            for (var packet = 0; packet == 0 || (packet < 40 && !applied.IsCompleted); packet++)
            {
                foreach (var association in associations)
                {
                    association.SendData();
                    association.SendSack(association.Sent);
                }

                await Task.Delay(2, TestContext.Current.CancellationToken);
            }

            await connection.EchoAsync(change);
            await connection6.EchoAsync(change);
            await applied;
        }

        foreach (var association in associations)
        {
            // One more behind them all: what has not come by then was lost.
            association.SendData();
            association.SendSack(association.Sent);
            await TestNode.WaitAsync(() => association.Arrived().Contains(association.Sent) && association.Acknowledged().Contains(association.Sent));
            var all = Enumerable.Range(1, (int)association.Sent).Select(number => (uint)number).ToList();
            Assert.Equal(all, association.Arrived().Order());
            Assert.Equal(all, association.Acknowledged().Order());
        }

        Assert.DoesNotContain(second.Arrived, seen => seen.SourcePort is 6000 or 6001);
        if (anew)
        {
            Assert.DoesNotContain("strange", await node.NftAsync("list", "table", "inet", "trunkline"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Sets_that_an_earlier_agent_declared_otherwise_do_not_stop_the_next_one()
    {
        await using var node = await TestNode.StartAsync();
        await ApplyAsync(node, [node.Pods[1]]);
        await node.RestartAgentAsync(async () =>
        {
            await node.NftAsync("flush table inet trunkline; delete set inet trunkline dropped; delete set inet trunkline stray_senders;"
                + "add set inet trunkline dropped { type ipv4_addr; size 10; flags dynamic,timeout; timeout 1m; };"
                + "add map inet trunkline stray_senders { type ipv4_addr : mark; size 10; flags dynamic,timeout; timeout 1m; }");
        });
        await ApplyAsync(node, [node.Pods[1]]);
        node.Pods[0].Send(s_service, Sctp, 5000, Port);
        Assert.NotNull(await node.Pods[1].SeeAsync(Sctp, 5000));
    }

    [Fact]
    public async Task Another_agent_finds_the_rules_in_force_leaves_flows_alone_and_mends_what_was_changed_by_hand()
    {
        await using var node = await TestNode.StartAsync();
        var (client, first, second) = (node.Pods[0], node.Pods[1], node.Pods[2]);
        await ApplyAsync(node, [first]);
        client.Send(s_service, TransportProtocol.Udp, Fixed, Port);
        Assert.NotNull(await first.SeeAsync(TransportProtocol.Udp, Fixed));
        await ApplyAsync(node, [first, second]);

        // While there is no agent: a rule that drops all, and a chain of somebody's.
        await node.NftAsync("insert", "rule", "inet", "trunkline", "ingress", "counter", "drop");
        await node.NftAsync("add", "chain", "inet", "trunkline", "strange");
        await node.RestartAgentAsync();
        await ApplyAsync(node, [first, second]);
        var table = await node.NftAsync("list", "table", "inet", "trunkline");
        Assert.DoesNotContain("chain strange", table, StringComparison.Ordinal);
        for (var packet = 0; packet < 20; packet++)
        {
            client.Send(s_service, TransportProtocol.Udp, Fixed, Port); // its flow is the first endpoint's, whatever a new one would be given
        }

        await ArrivedAsync(first, 21);
        Assert.DoesNotContain(second.Arrived, seen => seen.Protocol == (int)TransportProtocol.Udp);
    }

    [Fact]
    public async Task Between_two_agents_the_rules_stay_in_force()
    {
        await using var node = await TestNode.StartAsync();
        var (client, server) = (node.Pods[0], node.Pods[1]);
        var policy = new NetworkPolicy("x", "deny") { PolicyTypes = [TrafficDirection.Ingress], Ingress = [new PolicyRule([], [new PolicyPort { Protocol = Sctp, Number = 30102 }])] };
        await ApplyAsync(node, [server], policy: policy);
        var stopped = node.RestartAgentAsync(); // knows nothing yet: the cluster has not been told to it
        client.Send(s_service, Sctp, 5000, Port);
        client.Send(server.Address, Sctp, 5001, 81);
        client.Send(s_service, Sctp, 5002, Port);
        Assert.NotNull(await server.SeeAsync(Sctp, 5000));
        Assert.NotNull(await server.SeeAsync(Sctp, 5002));
        Assert.Null(await server.SeeAsync(Sctp, 5001, 0));
        await stopped;
    }

    private static async Task ArrivedAsync(Host host, int packets)
    {
        for (var waited = 0; Count() < packets && waited < 300; waited++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TestContext.Current.CancellationToken);
        }

        Assert.Equal(packets, Count());
        int Count() => host.Arrived.Count(seen => seen.Protocol == (int)TransportProtocol.Udp && seen.SourcePort == Fixed);
    }

    private static Task ApplyDualAsync(TestNode node, Host[] endpoints, int others)
    {
        TransportProtocol[] protocols = [Sctp, TransportProtocol.Tcp];
        var service = new ServiceRecord("x", "dual") { ClusterIps = [s_service, s_service6], Ports = [.. protocols.Select(protocol => new ServiceRecordPort($"{protocol}", protocol, Port, null))] };
        SliceRecord Of(IEnumerable<SliceEndpoint> all) => new("x", "dual") { Ports = [.. protocols.Select(protocol => new SlicePort($"{protocol}", protocol, TargetPort))], Endpoints = [.. all] };
        return node.ApplyAsync(
            node.PlainPods(), services: [service, .. Enumerable.Range(0, others).Select(number => Service($"other-{number}", IPAddress.Parse($"172.30.1.{number + 1}")))],
            slices: [Of(endpoints.Select(Given.Here)), Of(endpoints.Select(Given.Here6)), .. Enumerable.Range(0, others).Select(number => Slice($"other-{number}", endpoints))]);
    }

    private static Task ApplyAsync(TestNode node, Host[] endpoints, int others = 0, NetworkPolicy? policy = null) => node.ApplyAsync(
        node.PlainPods(), policy is null ? null : [policy],
        services: [Service("svc", s_service), .. Enumerable.Range(0, others).Select(number => Service($"other-{number}", IPAddress.Parse($"172.30.1.{number + 1}"))), Service("same", s_other)],
        slices: [Slice("svc", endpoints), Slice("same", [endpoints[0]]), .. Enumerable.Range(0, others).Select(number => Slice($"other-{number}", endpoints))]);

    private static ServiceRecord Service(string name, IPAddress address) => new("x", name)
    {
        ClusterIps = [address],
        Ports = [new ServiceRecordPort("s", Sctp, Port, null), new ServiceRecordPort("u", TransportProtocol.Udp, Port, null)],
    };

    private static SliceRecord Slice(string service, Host[] endpoints) => new("x", service)
    {
        Ports = [new SlicePort("s", Sctp, 30102), new SlicePort("u", TransportProtocol.Udp, 30102)],
        Endpoints = [.. endpoints.Select(host => new SliceEndpoint(host.Address, true, TestNode.NodeName))],
    };
}
