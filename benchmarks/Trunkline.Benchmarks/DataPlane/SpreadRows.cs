using System.Globalization;
using System.Text.RegularExpressions;

namespace Trunkline.Benchmarks.DataPlane;

/// <summary>How evenly new flows fall on the endpoints of a Service; counted by the kernel where they leave the node.</summary>
internal static class SpreadRows
{
    private const int Endpoints = 10, Flows = 50_000;

    private const string Count = """
        table ip bench {
          set hits { type ipv4_addr; size 1024; flags dynamic; counter; }
          chain count { type filter hook postrouting priority 300; meta l4proto sctp update @hits { ip daddr }; }
        }
        """;

    public static async Task RunAsync(Report report, CancellationToken cancellationToken)
    {
        await using var node = await BenchNode.StartAsync();
        node.Cluster.Set(BenchCluster.Service(0, [.. Enumerable.Range(0, Endpoints).Select(BenchCluster.Endpoint)]));
        for (var number = 0; number < Endpoints; number++)
        {
            node.Cluster.Set(PolicyRows.Pod(number, BenchCluster.Endpoint(number)));
        }

        await node.ApplyAsync();
        await node.Node.NftAsync(Count);
        await node.Node.IpAsync("link set p00000000000000 arp off");
        using var client = new RawPackets(node.Client);
        var service = BenchCluster.Service(0, []).Service.ClusterIps[0];
        for (var flow = 0; flow < Flows; flow++)
        {
            client.SendInit(service, 10_000 + flow, 38412);
            if (flow % 500 == 0)
            {
                await Task.Delay(1, cancellationToken); // what was sent is forwarded before more is
            }
        }

        var hits = Regex.Matches(await node.Node.ExecuteAsync("nft", "list", "set", "ip", "bench", "hits"), @"packets (\d+)")
            .Select(match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)).ToList();
        var even = hits.Sum() / Endpoints;
        var worst = hits.Count == Endpoints ? hits.Max(count => Math.Abs(count - even)) / even * 100 : 100;
        report.Add(new Row($"{Flows:#,0} flows over {Endpoints} endpoints, the farthest from even", "%", worst)
        {
            Goal = "at most 5 %, no flow lost",
            Met = worst <= 5 && hits.Sum() >= Flows,
        });
    }
}
