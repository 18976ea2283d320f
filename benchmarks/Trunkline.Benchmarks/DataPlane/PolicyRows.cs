using System.Globalization;
using System.Net;
using Trunkline.Node.Network.Cluster;
using Trunkline.Policy.Model;

namespace Trunkline.Benchmarks.DataPlane;

/// <summary>NetworkPolicies from nothing, and the change of one label.</summary>
internal static class PolicyRows
{
    private const int Count = 1000, Changes = 300, Seed = 1, Groups = 50;

    public static async Task RunAsync(Report report, CancellationToken cancellationToken)
    {
        await using var node = await BenchNode.StartAsync();
        for (var number = 0; number < Count; number++)
        {
            node.Cluster.Set(Pod(number, BenchCluster.Endpoint(number)));
            node.Cluster.Set(Policy(number));
        }

        var seconds = await node.ApplyAsync();
        report.Add(new Row("1,000 policies over 1,000 Pods on a node, from nothing", "s", seconds) { Goal = "at most 2 s", Met = seconds <= 2 });
        var random = new Random(Seed);
        var milliseconds = new List<double>();
        for (var change = 0; change < Changes + 20; change++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var number = random.Next(Count);
            node.Cluster.Set(Pod(number, BenchCluster.Endpoint(number), random.Next(Groups)));
            milliseconds.Add(await node.ApplyAsync() * 1000);
        }

        var p99 = milliseconds[20..].Quantile(0.99);
        report.Add(new Row("one label of a Pod changed, enforced, p99", "ms", p99) { Goal = "at most 50 ms", Met = p99 <= 50 });
    }

    /// <summary>A Pod of this node; its group is what policies select it by, as server and as client.</summary>
    public static PodRecord Pod(int number, IPAddress address, int? group = null) => new($"pod-{number}", new PolicyPod("bench", $"pod-{number}")
    {
        Addresses = [address],
        NodeName = BenchCluster.NodeName,
        Labels = new Dictionary<string, string> { ["app"] = Name(number), ["group"] = Name(group ?? (number % Groups)) },
        Ports = [new NamedPort("ngap", TransportProtocol.Sctp, 38412)],
    });

    // A Pod each, and its clients by group; every tenth selects a whole group.
    private static NetworkPolicy Policy(int number) => new("bench", $"policy-{number}")
    {
        PodSelector = Labels(number % 10 == 0 ? ("group", Name(number % Groups)) : ("app", Name(number))),
        PolicyTypes = [TrafficDirection.Ingress],
        Ingress =
        [
            new PolicyRule([new PolicyPeer { PodSelector = Labels(("group", Name(number % Groups))) }], [new PolicyPort { Protocol = TransportProtocol.Sctp, Number = 30000 + (number % 100) }]),
            new PolicyRule([new PolicyPeer { IpBlock = new IpBlock(IPNetwork.Parse("192.168.0.0/16"), []) }], [new PolicyPort { Protocol = TransportProtocol.Sctp, Name = "ngap" }]),
        ],
    };

    private static LabelSelector Labels((string Key, string Value) label) => new() { MatchLabels = new Dictionary<string, string> { [label.Key] = label.Value } };

    private static string Name(int number) => number.ToString(CultureInfo.InvariantCulture);
}
