using Trunkline.Node.Network.Cluster;

namespace Trunkline.Benchmarks.DataPlane;

/// <summary>One Service or endpoint changed, from the node's hearing of it until it is in force.</summary>
internal static class ChangeRows
{
    private const int Changes = 500, PeerChanges = 12, Seed = 1;

    public static async Task RunAsync(Report report, CancellationToken cancellationToken)
    {
        var few = await ChangeAsync(100);
        cancellationToken.ThrowIfCancellationRequested();
        var many = await ChangeAsync(10_000);
        cancellationToken.ThrowIfCancellationRequested();
        var peer = await PeerAsync(10_000);
        var p99 = many.Quantile(0.99);
        report.Add(new Row("one endpoint changed at 10,000 Services, p99", "ms", p99)
        {
            Peer = peer.Median(),
            PeerName = $"{KubeProxyLayout.Name}, median",
            Ratio = peer.Median() / p99,
            Goal = "at most 20 ms",
            Met = p99 <= 20,
        });
        report.Add(new Row("the same, p50", "ms", many.Median())
        {
            Peer = few.Median(),
            PeerName = "ours at 100 Services",
            Ratio = many.Median() / few.Median(),
            Goal = "at most 2x of the same at 100",
            Met = many.Median() <= 2 * few.Median(),
        });
        var fewP99 = few.Quantile(0.99);
        report.Add(new Row("the same, p99 against p99", "ms", p99) { Peer = fewP99, PeerName = "ours at 100 Services", Ratio = p99 / fewP99, Goal = "at most 2x of the same at 100", Met = p99 <= 2 * fewP99 });
    }

    private static async Task<List<double>> ChangeAsync(int services)
    {
        await using var node = await BenchNode.StartAsync();
        foreach (var service in LoadRows.Pairs(services))
        {
            node.Cluster.Set(service);
        }

        await node.ApplyAsync();
        var random = new Random(Seed);
        var milliseconds = new List<double>();
        for (var change = 0; change < Changes + 20; change++)
        {
            node.Cluster.Set(Changed(random.Next(services), change));
            milliseconds.Add(await node.ApplyAsync() * 1000);
        }

        return milliseconds[20..]; // the first ones compile our code
    }

    private static async Task<List<double>> PeerAsync(int services)
    {
        await using var netns = await Netns.CreateAsync("peer");
        var known = LoadRows.Pairs(services).ToArray();
        await netns.NftAsync(KubeProxyLayout.Load(known));
        var random = new Random(Seed);
        var milliseconds = new List<double>();
        for (var change = 0; change < PeerChanges; change++)
        {
            var number = random.Next(services);
            var after = Changed(number, change);
            var script = KubeProxyLayout.Change(known[number], after);
            known[number] = after;
            var start = TimeProvider.System.GetTimestamp();
            await netns.NftAsync(script);
            milliseconds.Add(TimeProvider.System.GetElapsedTime(start).TotalMilliseconds);
        }

        return milliseconds;
    }

    // Now a changed endpoint, now one endpoint more.
    private static ServiceState Changed(int number, int change)
    {
        var fresh = BenchCluster.Endpoint(100_000 + change);
        return BenchCluster.Service(number, change % 2 == 0
            ? [BenchCluster.Endpoint(2 * number), fresh]
            : [BenchCluster.Endpoint(2 * number), BenchCluster.Endpoint((2 * number) + 1), fresh]);
    }
}
