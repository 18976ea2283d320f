using Trunkline.Policy.Evaluation;
using Trunkline.Policy.Model;
using Xunit;

namespace Trunkline.Node.IntegrationTests.Network;

public sealed class EvaluatorAgainstKernelTests(ITestOutputHelper output)
{
    private const int Rounds = 14, ProbesARound = 30;

    [Fact]
    public async Task The_evaluator_and_the_kernel_say_the_same_of_random_policies()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("TRUNKLINE_SEED"), out var given) ? given : Environment.TickCount;
        output.WriteLine($"seed {seed} (TRUNKLINE_SEED repeats it)");
        await using var node = await TestNode.StartAsync();
        var random = new Random(seed);
        var (compared, denied) = (0, 0);
        for (var round = 0; round < Rounds; round++)
        {
            var make = new RandomCluster(random);
            await node.ApplyAsync(make.Pods(node.PlainPods()), make.Policies(), make.Namespaces());
            var probes = Enumerable.Range(0, ProbesARound).Select(index => Probe.Make(make, node, 10000 + (round * ProbesARound) + index)).ToList();
            denied += await CompareAsync(node, probes, $"seed {seed}, round {round}");
            compared += probes.Count;
        }

        output.WriteLine($"{compared} verdicts compared, {denied} of them denials");
        Assert.True(compared >= 200);
        Assert.InRange(denied, compared / 10, compared * 9 / 10);
    }

    private static async Task<int> CompareAsync(TestNode node, List<Probe> probes, string where)
    {
        var before = await node.DroppedAsync();
        foreach (var probe in probes)
        {
            probe.Source.Send(probe.Destination.Address, probe.Protocol, probe.SourcePort, probe.Port);
        }

        foreach (var probe in probes.Where(probe => probe.Expected))
        {
            Assert.True(await probe.Destination.SeeAsync(probe.Protocol, probe.SourcePort) is not null, $"{where}: {probe} was dropped, but\n{probe.Verdict}");
        }

        await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, TestContext.Current.CancellationToken);
        var after = await node.DroppedAsync();
        var deniedFlows = probes.Where(probe => !probe.Expected).ToList();
        foreach (var probe in deniedFlows)
        {
            Assert.True(await probe.Destination.SeeAsync(probe.Protocol, probe.SourcePort, 0) is null, $"{where}: {probe} arrived, but\n{probe.Verdict}");
        }

        foreach (var flow in deniedFlows.GroupBy(probe => probe.Key))
        {
            Assert.True(after.GetValueOrDefault(flow.Key) - before.GetValueOrDefault(flow.Key) >= flow.Count(), $"{where}: the drop of {flow.Key} was not counted");
        }

        return deniedFlows.Count;
    }

    private sealed record Probe(Host Source, Host Destination, TransportProtocol Protocol, int SourcePort, int Port, Verdict Verdict, bool Expected)
    {
        public string Key => $"{Source.Address} {Destination.Address} {Protocol.Lower()} {Port}";

        public static Probe Make(RandomCluster make, TestNode node, int sourcePort)
        {
            Host source, destination;
            do
            {
                source = make.Pick<Host>([.. node.Pods, .. node.Pods, node.Outside, node.Remote, node.Node]);
                destination = make.Pick<Host>([.. node.Pods, .. node.Pods, node.Outside, node.Remote]);
            }
            while (ReferenceEquals(source, destination) || !(node.Pods.Contains(source) || node.Pods.Contains(destination)));
            var (protocol, port) = (make.Protocol(), make.Pick(RandomCluster.Ports));
            var verdict = PolicyEvaluator.Evaluate(node.Cluster, FlowEnd.Of(source.Address), FlowEnd.Of(destination.Address), protocol, port);
            // Each node judges the side of its own Pods.
            var expected = (!node.Pods.Contains(source) || verdict.Egress.Allowed) && (!node.Pods.Contains(destination) || verdict.Ingress.Allowed);
            return new Probe(source, destination, protocol, sourcePort, port, verdict, expected);
        }

        public override string ToString() => $"{Source.Address}:{SourcePort} → {Destination.Address} {Protocol.Lower()} {Port}";
    }
}
