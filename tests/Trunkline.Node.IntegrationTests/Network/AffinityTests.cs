using System.Net;
using System.Text.Json;
using Trunkline.Node.Network.Services;
using Trunkline.Policy.Model;
using Xunit;
using static Trunkline.Node.IntegrationTests.Network.Given;

namespace Trunkline.Node.IntegrationTests.Network;

/// <summary>sessionAffinity ClientIP: one client, one endpoint, for as long as it comes back in time and the endpoint is there.</summary>
public sealed class AffinityTests
{
    private const TransportProtocol Sctp = TransportProtocol.Sctp;

    private static ServiceRecord Affine(int seconds) => Service() with { AffinitySeconds = seconds };

    [Fact]
    public async Task A_client_stays_whatever_other_endpoints_do_and_moves_when_its_own_goes()
    {
        await using var node = await TestNode.StartAsync();
        await node.ApplyAsync(node.PlainPods(), services: [Affine(10800)], slices: [Slice(Here(node.Pods[1]), Here(node.Pods[2]))]);
        var chosen = Assert.Single(await ChosenAsync(node, 7000));
        var other = chosen == 1 ? 2 : 1;

        await node.ApplyAsync(node.PlainPods(), services: [Affine(10800)], slices: [Slice(Here(node.Pods[1]), Here(node.Pods[2]), Here(node.Pods[3]))]);
        Assert.Equal([chosen], await ChosenAsync(node, 7100));
        await node.ApplyAsync(node.PlainPods(), services: [Affine(10800)], slices: [Slice(Here(node.Pods[chosen]), Here(node.Pods[3]))]);
        Assert.Equal([chosen], await ChosenAsync(node, 7200));

        await node.ApplyAsync(node.PlainPods(), services: [Affine(10800)], slices: [Slice(Here(node.Pods[other]), Here(node.Pods[3]))]);
        var next = Assert.Single(await ChosenAsync(node, 7300));
        Assert.NotEqual(chosen, next);

        // Its first endpoint comes back; the client has another by now.
        await node.ApplyAsync(node.PlainPods(), services: [Affine(10800)], slices: [Slice(Here(node.Pods[1]), Here(node.Pods[2]), Here(node.Pods[3]))]);
        Assert.Equal([next], await ChosenAsync(node, 7400));
    }

    [Fact]
    public async Task The_nodePort_remembers_too_and_clients_are_spread()
    {
        await using var node = await TestNode.StartAsync();
        await node.ApplyAsync(node.PlainPods(), services: [Affine(10800)], slices: [Slice(Here(node.Pods[1]), Here(node.Pods[2]), Here(node.Pods[3]))]);
        for (var client = 1; client <= 60; client++)
        {
            var address = IPAddress.Parse($"192.168.126.{100 + client}");
            node.Outside.Send(node.Address, Sctp, 7500 + client, NodePort(Sctp), address);
            node.Outside.Send(node.Address, Sctp, 7600 + client, NodePort(Sctp), address);
        }

        await TestNode.WaitAsync(() => node.Pods.Sum(pod => pod.Arrived.Count(seen => seen.Protocol == 132)) == 120);
        for (var client = 1; client <= 60; client++)
        {
            Assert.Equal(PodOf(node, 7500 + client), PodOf(node, 7600 + client));
        }

        Assert.All(node.Pods.Skip(1), pod => Assert.Contains(pod.Arrived, seen => seen.Protocol == 132));
    }

    [Fact]
    public async Task A_client_is_forgotten_after_its_timeout_and_not_before_another_flow_made_it_new()
    {
        await using var node = await TestNode.StartAsync();
        await node.ApplyAsync(node.PlainPods(), services: [Affine(2)], slices: [Slice(Here(node.Pods[1]), Here(node.Pods[2]), Here(node.Pods[3]))]);
        var first = Assert.Single(await ChosenAsync(node, 7700));
        Assert.Equal([2L], await TimeoutsAsync(node));

        // Forgotten, whenever the kernel comes to it: then the choice is free again, and after some rounds another than the first.
        var next = first;
        for (var round = 0; next == first && round < 40; round++)
        {
            await TestNode.WaitAsync(async () => (await TimeoutsAsync(node)).Count == 0);
            next = Assert.Single(await ChosenAsync(node, 7800 + (round * 10), flows: 3));
        }

        Assert.NotEqual(first, next);
    }

    private static int PodOf(TestNode node, int sourcePort) => node.Pods.FindIndex(pod => pod.Arrived.Any(seen => seen.Protocol == 132 && seen.SourcePort == sourcePort));

    private static async Task<IReadOnlyList<long>> TimeoutsAsync(TestNode node)
    {
        using var document = JsonDocument.Parse(await node.NftAsync("-j", "list", "map", "inet", "trunkline", "affinity"));
        var map = document.RootElement.GetProperty("nftables").EnumerateArray().Single(item => item.TryGetProperty("map", out _)).GetProperty("map");
        return !map.TryGetProperty("elem", out var elements) ? []
            : [.. elements.EnumerateArray().Select(pair => pair[0].GetProperty("elem").GetProperty("timeout").GetInt64())];
    }

    // Which Pods got flows of one client.
    private static async Task<IReadOnlyList<int>> ChosenAsync(TestNode node, int firstPort, int flows = 12)
    {
        for (var port = firstPort; port < firstPort + flows; port++)
        {
            node.Pods[0].Send(ClusterIp, Sctp, port, Port);
        }

        bool IsOne(Seen seen) => seen.Protocol == 132 && seen.SourcePort >= firstPort && seen.SourcePort < firstPort + flows;
        await TestNode.WaitAsync(() => node.Pods.Sum(pod => pod.Arrived.Count(IsOne)) == flows);
        return [.. Enumerable.Range(0, node.Pods.Count).Where(index => node.Pods[index].Arrived.Any(IsOne))];
    }
}
