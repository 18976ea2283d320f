using Trunkline.Policy.Cases.Random;
using Trunkline.Policy.Compiled;
using Trunkline.Policy.Model;

namespace Trunkline.Benchmarks.DataPlane;

/// <summary>The policy evaluator, on one core, over 10,000 Pods and 1,000 policies.</summary>
internal static class EvaluatorRows
{
    private const int Pods = 10_000, Policies = 1000, Seed = 1, Flows = 1 << 20;

    public static Task RunAsync(Report report, CancellationToken cancellationToken)
    {
        var cluster = BigCluster.Build(Seed, Pods, Policies);
        var start = TimeProvider.System.GetTimestamp();
        var policies = CompiledPolicies.Compile(cluster);
        report.Add(new Row("compile 1,000 policies over 10,000 Pods", "s", TimeProvider.System.GetElapsedTime(start).TotalSeconds));

        var flows = RandomFlows();
        var rates = Enumerable.Range(0, 5).Select(_ => Rate(policies, flows)).ToList();
        report.Add(new Row("verdicts, one core", "1/s", rates.Median()) { Goal = "at least 1,000,000", Met = rates.Median() >= 1_000_000 });
        cancellationToken.ThrowIfCancellationRequested();

        start = TimeProvider.System.GetTimestamp();
        var matrix = CompiledPolicies.Compile(cluster).Matrix(TransportProtocol.Sctp, 38412);
        long pairs = 0;
        for (var source = 0; source < matrix.Count; source++)
        {
            pairs += matrix.Row(source).Count; // every row is asked for, none is kept
        }

        var seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
        report.Add(new Row($"matrix of 10,000 Pods ({pairs:#,0} of {(long)Pods * Pods:#,0} pairs allowed), compiling included", "s", seconds) { Goal = "at most 10 s", Met = seconds <= 10 });
        return Task.CompletedTask;
    }

    private static double Rate(CompiledPolicies policies, (int Source, int Destination, TransportProtocol Protocol, int Port)[] flows)
    {
        var start = TimeProvider.System.GetTimestamp();
        var allowed = 0;
        foreach (var (source, destination, protocol, port) in flows)
        {
            allowed += policies.IsAllowed(source, destination, protocol, port) ? 1 : 0;
        }

        var seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
        return allowed is > 0 and < Flows ? flows.Length / seconds : throw new InvalidOperationException("policies that allow all or nothing measure nothing");
    }

    private static (int Source, int Destination, TransportProtocol Protocol, int Port)[] RandomFlows()
    {
        var random = new Random(Seed);
        TransportProtocol[] protocols = [TransportProtocol.Sctp, TransportProtocol.Tcp, TransportProtocol.Udp];
        int[] ports = [80, 81, 443, 38412, 30102];
        return [.. Enumerable.Range(0, Flows).Select(_ => (random.Next(Pods), random.Next(Pods), protocols[random.Next(3)], ports[random.Next(ports.Length)]))];
    }
}
