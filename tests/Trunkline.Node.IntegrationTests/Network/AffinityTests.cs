using System.Net;
using System.Text.Json;
using Trunkline.Node.Network.Services;
using Trunkline.Policy.Model;
using Xunit;
using static Trunkline.Node.IntegrationTests.Network.Given;
using static Trunkline.Node.IntegrationTests.Network.ServiceTraffic;

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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_client_meets_the_same_endpoint_at_every_address_of_the_port(bool ipv6)
    {
        await using var node = await TestNode.StartAsync();
        await node.ApplyAsync(node.PlainPods(), services: [Dual(10800)], slices: Slices(node.Pods[1], node.Pods[2], node.Pods[3]));
        var next = 8000;
        for (var client = 1; client <= 12; client++)
        {
            var (address, frontend) = ipv6 ? (IPAddress.Parse($"fd00:126::{client:x}00"), IPAddress.Parse("fd02::10")) : (IPAddress.Parse($"192.168.126.{100 + client}"), ClusterIp);
            await node.RouteOutsideAsync(frontend);
            node.Outside.Send(frontend, Sctp, next++, Port, address);
            node.Outside.Send(ipv6 ? node.Address6 : node.Address, Sctp, next++, NodePort(Sctp), address);
            await TestNode.WaitAsync(() => PodOf(node, next - 2) >= 0 && PodOf(node, next - 1) >= 0);
            Assert.Equal(PodOf(node, next - 2), PodOf(node, next - 1));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_remembered_elsewhere_is_served_here_when_the_Service_turns_Local(bool ipv6)
    {
        await using var node = await TestNode.StartAsync();
        var (to, client) = ipv6 ? (node.Address6, node.Outside.Address6) : (node.Address, node.Outside.Address);
        await node.ApplyAsync(node.PlainPods(), services: [Dual(10800)], slices: [Slice(There(node.Remote)), Slice(There6(node.Remote))]);
        node.Outside.Send(to, Sctp, 8100, NodePort(Sctp));
        Assert.NotNull(await node.Remote.SeeAsync(Sctp, 8100));
        await node.ApplyAsync(node.PlainPods(), services: [Dual(10800) with { ExternalLocal = true }],
            slices: [Slice(There(node.Remote), Here(node.Pods[1])), Slice(There6(node.Remote), Here6(node.Pods[1]))]);
        for (var port = 8101; port < 8110; port++)
        {
            node.Outside.Send(to, Sctp, port, NodePort(Sctp));
            Assert.Equal(client, (await node.Pods[1].SeeAsync(Sctp, port))?.Source);
        }
    }

    [Fact]
    public async Task A_flow_makes_the_memory_of_its_client_new()
    {
        await using var node = await TestNode.StartAsync();
        await node.ApplyAsync(node.PlainPods(), services: [Affine(10000)], slices: [Slice(Here(node.Pods[1]), Here(node.Pods[2]))]);
        await ChosenAsync(node, 7900, flows: 1);
        await TestNode.WaitAsync(async () => Assert.Single(await MemoryAsync(node)).Expires < 9998);
        var before = Assert.Single(await MemoryAsync(node)).Expires;
        await ChosenAsync(node, 7910, flows: 1);
        Assert.True(Assert.Single(await MemoryAsync(node)).Expires > before, "the second flow left the memory as old as it was");
    }

    [Fact]
    public async Task A_client_is_forgotten_after_its_timeout()
    {
        await using var node = await TestNode.StartAsync();
        await node.ApplyAsync(node.PlainPods(), services: [Affine(2)], slices: [Slice(Here(node.Pods[1]), Here(node.Pods[2]), Here(node.Pods[3]))]);
        var first = Assert.Single(await ChosenAsync(node, 7700));
        Assert.Equal([2L], (await MemoryAsync(node)).Select(item => item.Timeout));

        // Forgotten, whenever the kernel comes to it: then the choice is free again, and after some rounds another than the first.
        var next = first;
        for (var round = 0; next == first && round < 40; round++)
        {
            await TestNode.WaitAsync(async () => (await MemoryAsync(node)).Count == 0);
            next = Assert.Single(await ChosenAsync(node, 7800 + (round * 10), flows: 3));
        }

        Assert.NotEqual(first, next);
    }

    private static ServiceRecord Dual(int seconds) => Service("svc", "172.30.0.10", "fd02::10") with { AffinitySeconds = seconds };

    private static SliceRecord[] Slices(params Host[] pods) => [Slice([.. pods.Select(Here)]), Slice([.. pods.Select(Here6)])];

    // What is remembered of clients of the SCTP port.
    private static async Task<IReadOnlyList<(long Timeout, long Expires)>> MemoryAsync(TestNode node)
    {
        var remembered = new List<(long, long)>();
        using var maps = JsonDocument.Parse(await node.NftAsync("-j", "list", "maps", "inet"));
        foreach (var map in maps.RootElement.GetProperty("nftables").EnumerateArray().Where(item => item.TryGetProperty("map", out _)).Select(item => item.GetProperty("map")))
        {
            if (map.GetProperty("name").GetString()!.StartsWith("affinity", StringComparison.Ordinal) && map.TryGetProperty("elem", out var elements))
            {
                remembered.AddRange(elements.EnumerateArray().Select(pair => pair[0].GetProperty("elem"))
                    .Select(element => (element.GetProperty("timeout").GetInt64(), element.TryGetProperty("expires", out var left) ? left.GetInt64() : 0)));
            }
        }

        return remembered;
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
