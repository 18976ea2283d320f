using Trunkline.Node.Network.Cluster;

namespace Trunkline.Benchmarks.DataPlane;

/// <summary>Services from nothing.</summary>
internal static class LoadRows
{
    public static async Task RunAsync(Report report, CancellationToken cancellationToken)
    {
        var ours = await LoadAsync(Pairs(10_000));
        var peer = await PeerAsync(Pairs(10_000));
        report.Add(new Row("10,000 SCTP Services with 2 endpoints, from nothing", "s", ours)
        {
            Peer = peer,
            PeerName = KubeProxyLayout.Name,
            Ratio = peer / ours,
            Goal = "at most 1.5 s, at least 15x the peer",
            Met = ours <= 1.5 && peer / ours >= 15,
        });
        var many = await LoadAsync(Pairs(30_000));
        report.Add(new Row("30,000 SCTP Services with 2 endpoints, from nothing", "s", many) { Goal = "at most 5 s", Met = many <= 5 });
        cancellationToken.ThrowIfCancellationRequested();

        // 1, 2, ... 100 endpoints, ten times over: 50,500 endpoints.
        var mixed = Mixed();
        var perElement = await LoadAsync(mixed) / mixed.Sum(service => service.Slices.Sum(slice => slice.Endpoints.Count)) * 1e6;
        var pairs = Pairs(25_250);
        var perPairElement = await LoadAsync(pairs) / (pairs.Count * 2) * 1e6;
        report.Add(new Row("1,000 Services with 1 to 100 endpoints, from nothing, an endpoint", "us", perElement)
        {
            Peer = perPairElement,
            PeerName = "as many endpoints in Services of 2",
            Ratio = perElement / perPairElement,
            Goal = "at most 1.5x",
            Met = perElement <= 1.5 * perPairElement,
        });
    }

    public static IReadOnlyList<ServiceState> Pairs(int count) =>
        [.. Enumerable.Range(0, count).Select(number => BenchCluster.Service(number, [BenchCluster.Endpoint(2 * number), BenchCluster.Endpoint((2 * number) + 1)]))];

    private static IReadOnlyList<ServiceState> Mixed() =>
        [.. Enumerable.Range(0, 1000).Select(number => BenchCluster.Service(number, [.. Enumerable.Range(0, (number % 100) + 1).Select(index => BenchCluster.Endpoint((number * 100) + index))]))];

    private static async Task<double> LoadAsync(IReadOnlyList<ServiceState> services)
    {
        await using var node = await BenchNode.StartAsync();
        foreach (var service in services)
        {
            node.Cluster.Set(service);
        }

        return await node.ApplyAsync();
    }

    private static async Task<double> PeerAsync(IReadOnlyList<ServiceState> services)
    {
        await using var netns = await Netns.CreateAsync("peer");
        var script = KubeProxyLayout.Load(services);
        var start = TimeProvider.System.GetTimestamp();
        await netns.NftAsync(script);
        return TimeProvider.System.GetElapsedTime(start).TotalSeconds;
    }
}
