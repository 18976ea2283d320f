using System.Net;
using Trunkline.Node.Network.Services;
using Trunkline.Policy.Model;
using Xunit;

namespace Trunkline.Node.IntegrationTests.Network;

/// <summary>Traffic while the rules change all the time, and while the agent is another: nothing is wrongly cut, and nothing is left as somebody made it by hand.</summary>
public sealed class ConstantChangeTests
{
    private const TransportProtocol Sctp = TransportProtocol.Sctp;
    private const int Changes = 60, Port = 38412, Fixed = 4000;
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
