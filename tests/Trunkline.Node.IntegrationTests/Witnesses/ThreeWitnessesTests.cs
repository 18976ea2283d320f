using System.Net;
using Trunkline.Node.IntegrationTests.Kernel;
using Trunkline.Node.IntegrationTests.Network;
using Trunkline.Policy.Evaluation;
using Trunkline.Policy.Model;
using Xunit;

namespace Trunkline.Node.IntegrationTests.Witnesses;

/// <summary>
/// Three witnesses: the evaluator, the rules read back from the kernel, and packets between real Pods. That a packet did not arrive is known when a sentinel that was
/// sent behind it on the same path has: a port that a ClusterNetworkPolicy always accepts. No timer decides.
/// </summary>
public sealed class ThreeWitnessesTests(ITestOutputHelper output)
{
    private const int Rounds = 60, AtOnce = 5, LocalPods = 4, FlowsEach = 170, FirstPort = 20_000, SentinelPort = 9, FirstSentinel = 10_000, PathsAtMost = 4_000;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Evaluator_kernel_and_packets_agree_over_three_hundred_random_clusters()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("TRUNKLINE_SEED"), out var given) ? given : Environment.TickCount;
        output.WriteLine($"seed {seed} (TRUNKLINE_SEED repeats it)");
        await using var node = await PacketNode.StartAsync(AtOnce, LocalPods);
        var (flows, denied) = (0, 0);
        for (var round = 0; round < Rounds; round++)
        {
            var clusters = Enumerable.Range(0, AtOnce).Select(number => Make(seed, round, number)).ToList();
            var asked = clusters.SelectMany(cluster => Ask(cluster, new Random(seed ^ (round << 8) ^ cluster.Number))).ToList();
            if (await DisagreementAsync(node, clusters, asked) is { } found)
            {
                await ExplainAsync(node, clusters[found.Cluster], asked, $"seed {seed}, round {round}, cluster {found.Cluster}: {found.Text}");
            }

            flows += asked.Count;
            denied += asked.Count(flow => !flow.IsAllowed(clusters[flow.Cluster].Cluster(Place.Nodes), out _));
        }

        output.WriteLine($"{Rounds * AtOnce} clusters, {flows} flows, {denied} of them denied\n{node.Rules.Log}");
        Assert.True(flows >= 50_000);
        Assert.InRange(denied, flows / 10, flows * 9 / 10);
        Assert.Equal(0, node.Rules.Log.Errors);
    }

    private static ClusterSpec Make(int seed, int round, int number)
    {
        var made = new ClusterMaker(new Random((seed * 31) + (round * 1009) + number), number).Make(LocalPods, onlyPlain: true);
        return made with { ClusterPolicies = [.. made.ClusterPolicies, Sentinel(number)] };
    }

    // Before all others: the lowest priority there is. That it names networks in ingress is more than the API lets in, and what a test needs.
    private static ClusterNetworkPolicy Sentinel(int number)
    {
        ClusterPolicyRule[] rules =
        [
            new(ClusterPolicyAction.Accept, [new ClusterPolicyPeer { Networks = [IPNetwork.Parse("0.0.0.0/0"), IPNetwork.Parse("::/0")] }],
                [new ClusterPolicyPort { Protocol = TransportProtocol.Udp, First = SentinelPort, Last = SentinelPort }]),
        ];
        return new ClusterNetworkPolicy($"c{number}-sentinel")
        {
            Priority = -1,
            Subject = new NamespacedPods(LabelSelector.Everything, LabelSelector.Everything),
            Ingress = rules,
            Egress = rules,
        };
    }

    private static IEnumerable<AskedFlow> Ask(ClusterSpec cluster, Random random)
    {
        var all = Flows.Of(cluster.Number, LocalPods).Where(flow => !flow.Source.Equals(flow.Destination)).ToArray();
        random.Shuffle(all);
        return all.Take(FlowsEach).Select(flow => new AskedFlow(flow, cluster.Number));
    }

    private static async Task<(int Cluster, string Text)?> DisagreementAsync(PacketNode node, IReadOnlyList<ClusterSpec> clusters, IReadOnlyList<AskedFlow> asked)
    {
        await node.Rules.ApplyAsync(clusters);
        var walker = new Walker(await node.Rules.ReadAsync(), node.Routes);
        var arrived = await SendAsync(node, asked);
        var known = clusters.ToDictionary(cluster => cluster.Number, cluster => cluster.Cluster(Place.Nodes));
        for (var index = 0; index < asked.Count; index++)
        {
            var flow = asked[index];
            var allowed = flow.IsAllowed(known[flow.Cluster], out var verdict);
            var outcome = flow.Flow.Walk(walker, node.Routes);
            if (allowed != (outcome.Fate == Fate.Accepted) || allowed != arrived[index])
            {
                return (flow.Cluster, $"{flow.Flow}: the packet {(arrived[index] ? "arrived" : "did not arrive")}; the rules: {outcome}; the evaluator: {verdict}");
            }
        }

        return null;
    }

    private static async Task<bool[]> SendAsync(PacketNode node, IReadOnlyList<AskedFlow> asked)
    {
        node.ForgetFlows();
        var arrived = new bool[asked.Count];
        var paths = asked.Select(flow => (flow.Flow.Source, flow.Flow.Destination)).Distinct().ToList();
        var sentinels = new bool[paths.Count];
        var phase = 0;
        Assert.True(paths.Count <= PathsAtMost);
        // First the way itself: who does not know his neighbour yet keeps few packets for it, and a lost probe would look like a denied one.
        OneProcessor.Run(SendSentinels);
        await PassAsync();
        (sentinels, arrived, phase) = (new bool[paths.Count], new bool[asked.Count], 1);
        OneProcessor.Run(() =>
        {
            for (var index = 0; index < asked.Count; index++)
            {
                var (source, destination, protocol, port) = asked[index].Flow;
                node.At(source).Send(destination, Wire.Packet(source, destination, protocol, FirstPort + index, port));
            }

            SendSentinels();
        });
        await PassAsync();
        return arrived;

        async Task PassAsync()
        {
            var started = TimeProvider.System.GetTimestamp();
            for (Collect(); !Array.TrueForAll(sentinels, seen => seen); Collect())
            {
                var missing = Array.IndexOf(sentinels, false);
                Assert.True(TimeProvider.System.GetElapsedTime(started) < s_patience, $"the sentinel from {paths[missing].Source} to {paths[missing].Destination} did not arrive");
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
                OneProcessor.Run(SendSentinels);
            }
        }

        void SendSentinels()
        {
            for (var path = 0; path < paths.Count; path++)
            {
                if (!sentinels[path])
                {
                    var (source, destination) = paths[path];
                    node.At(source).Send(destination, Wire.Packet(source, destination, TransportProtocol.Udp, FirstSentinel + (phase * PathsAtMost) + path, SentinelPort));
                }
            }
        }

        void Collect()
        {
            foreach (var port in node.Ports)
            {
                foreach (var (protocol, sourcePort, destinationPort) in port.Drain())
                {
                    var index = sourcePort - FirstPort;
                    var path = sourcePort - FirstSentinel - (phase * PathsAtMost);
                    if (destinationPort == SentinelPort && path >= 0 && path < paths.Count)
                    {
                        sentinels[path] |= ReferenceEquals(node.At(paths[path].Destination), port);
                    }
                    else if (index >= 0 && index < asked.Count && asked[index].Flow is var flow && (int)flow.Protocol == protocol && flow.Port == destinationPort)
                    {
                        arrived[index] |= ReferenceEquals(node.At(flow.Destination), port);
                    }
                }
            }
        }
    }

    private static async Task ExplainAsync(PacketNode node, ClusterSpec cluster, IReadOnlyList<AskedFlow> asked, string found)
    {
        var its = asked.Where(flow => flow.Cluster == cluster.Number).ToList();
        var alone = await DisagreementAsync(node, [cluster], its) is not null;
        var smallest = alone ? await Shrinking.ShrinkAsync(cluster, async candidate => candidate.ClusterPolicies.Any(policy => policy.Priority < 0)
            && candidate.Pods.Count == cluster.Pods.Count && await DisagreementAsync(node, [candidate], its) is not null) : cluster;
        Assert.Fail($"{found}\n{(alone ? (await DisagreementAsync(node, [smallest], its))?.Text : "which agrees when it stands alone")}\n{smallest}");
    }

    private sealed record AskedFlow(FlowSpec Flow, int Cluster)
    {
        public bool IsAllowed(PolicyCluster cluster, out Verdict verdict) => Flow.IsAllowed(cluster, out verdict);
    }
}
