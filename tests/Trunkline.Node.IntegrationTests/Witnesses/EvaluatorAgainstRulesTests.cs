using Trunkline.Node.IntegrationTests.Kernel;
using Xunit;

namespace Trunkline.Node.IntegrationTests.Witnesses;

/// <summary>
/// Two witnesses: the evaluator, and the rules that the kernel says it has, walked by a model. Many independent clusters stand side by side in one node's rules, so
/// that writing and reading them back costs one transaction and one list for all of them; each step changes them to others, by increments.
/// </summary>
public sealed class EvaluatorAgainstRulesTests(ITestOutputHelper output)
{
    private const int Clusters = 10_000, AtOnce = 100, LocalPods = 4;

    [Fact]
    public async Task Ten_thousand_random_clusters_mean_the_same_to_the_evaluator_and_in_the_kernel()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("TRUNKLINE_SEED"), out var given) ? given : Environment.TickCount;
        output.WriteLine($"seed {seed} (TRUNKLINE_SEED repeats it)");
        await using var node = await RulesNode.StartAsync();
        var routes = Routes();
        var (compared, denied) = (0L, 0L);
        for (var round = 0; round < Clusters / AtOnce; round++)
        {
            var clusters = Enumerable.Range(0, AtOnce).Select(number => new ClusterMaker(new Random(HashCode(seed, round, number)), number).Make(LocalPods)).ToList();
            await node.ApplyAsync(clusters);
            var walker = new Walker(await node.ReadAsync(), routes);
            var failed = -1;
            Parallel.For(0, AtOnce, new ParallelOptions { MaxDegreeOfParallelism = 2 }, number =>
            {
                var (asked, closed, disagreement) = Compare(clusters[number], walker, routes);
                Interlocked.Add(ref compared, asked);
                Interlocked.Add(ref denied, closed);
                if (disagreement is not null)
                {
                    Interlocked.Exchange(ref failed, number);
                }
            });
            if (failed >= 0)
            {
                await ExplainAsync(node, clusters[failed], routes, $"seed {seed}, round {round}, cluster {failed}");
            }
        }

        output.WriteLine($"{Clusters} clusters, {compared} flows, {denied} of them denied\n{node.Log}");
        Assert.InRange(denied, compared / 10, compared * 9 / 10);
        Assert.Equal(0, node.Log.Errors); // no change was refused and mended by writing everything anew
    }

    private static (int Asked, int Denied, string? Disagreement) Compare(ClusterSpec spec, Walker walker, NodeRoutesView routes)
    {
        var cluster = spec.Cluster(Place.Nodes);
        var (asked, denied) = (0, 0);
        foreach (var flow in Flows.Of(spec.Number, LocalPods))
        {
            asked++;
            var allowed = flow.IsAllowed(cluster, out var verdict);
            denied += allowed ? 0 : 1;
            var outcome = flow.Walk(walker, routes);
            if (allowed != (outcome.Fate == Fate.Accepted))
            {
                return (asked, denied, $"{flow}: {outcome}, but\n{verdict}");
            }
        }

        return (asked, denied, null);
    }

    private static NodeRoutesView Routes()
    {
        var routes = new NodeRoutesView().Own(Place.Own[0]).Own(Place.Own[1]);
        for (var number = 0; number < AtOnce; number++)
        {
            for (var pod = 0; pod < LocalPods; pod++)
            {
                routes.Host(Place.Pod(number, pod)[0], Place.Link(number, pod)).Host(Place.Pod(number, pod)[1], Place.Link(number, pod));
            }
        }

        return routes.Network("0.0.0.0/0", Place.Uplink).Network("::/0", Place.Uplink);
    }

    private static async Task ExplainAsync(RulesNode node, ClusterSpec cluster, NodeRoutesView routes, string where)
    {
        var alone = await DisagreesAsync(cluster) is not null;
        var smallest = alone ? await Shrinking.ShrinkAsync(cluster, async candidate => await DisagreesAsync(candidate) is not null) : cluster;
        Assert.Fail($"{where}{(alone ? "" : ", which agrees when it stands alone")}: {await DisagreesAsync(smallest)}\n{smallest}");

        async Task<string?> DisagreesAsync(ClusterSpec candidate)
        {
            await node.ApplyAsync([candidate]);
            return Compare(candidate, new Walker(await node.ReadAsync(), routes), routes).Disagreement;
        }
    }

    private static int HashCode(int seed, int round, int number) => (seed * 31) + (round * 1009) + number;
}
