using System.Net;
using System.Net.Sockets;
using CsCheck;
using Trunkline.Policy.Cases.Documents;
using Trunkline.Policy.Cases.Oracle;
using Trunkline.Policy.Cases.Random;
using Trunkline.Policy.Compiled;
using Trunkline.Policy.Evaluation;
using Trunkline.Policy.Model;
using Xunit;

namespace Trunkline.Policy.Tests;

/// <summary>The evaluator that explains, the compiled one and the naive judge of documents say the same of every flow of any cluster. CsCheck shrinks and prints the seed.</summary>
public sealed class ThreeJudgesTests
{
    private static readonly string[] s_addresses = ["192.168.126.11", "192.168.126.12", "192.168.126.200", "fd00:126::11", "fd00:126::200", "10.128.2.10", "fd01:0:0:2::10"];

    [Fact]
    public void Agree_between_Pods_and_in_the_matrix() => Gen.Select(
        ClusterGen.Documents, ClusterGen.Pick(ClusterGen.Protocols), ClusterGen.Pick(ClusterGen.Ports), Gen.Bool).Sample(
        (texts, protocolName, port, ipv6) =>
        {
            var documents = ClusterGen.Parse(texts);
            var pods = ClusterDocuments.Of(documents, "Pod").ToList();
            var (cluster, judge) = (ClusterDocuments.Read(documents), new NaiveJudge(documents));
            var (protocol, family) = (Protocols.Parse(protocolName)!.Value, ipv6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork);
            var compiled = CompiledPolicies.Compile(cluster);
            var matrix = compiled.Matrix(protocol, port, family);
            var allowed = 0;
            for (var source = 0; source < pods.Count; source++)
            {
                var row = matrix.Row(source);
                for (var destination = 0; destination < pods.Count; destination++)
                {
                    var (from, to) = (FlowEnd.Of(cluster.Pods[source], family), FlowEnd.Of(cluster.Pods[destination], family));
                    var expected = judge.Allows(NaiveJudge.Of(pods[source], ipv6), NaiveJudge.Of(pods[destination], ipv6), protocolName, port);
                    var verdict = PolicyEvaluator.Evaluate(cluster, from, to, protocol, port);
                    var where = $"p{source} → p{destination} {protocolName} {port} {family}";
                    allowed += expected ? 1 : 0;
                    Same(expected, verdict.Allowed, $"{where}: naive and plain; {verdict}");
                    Same(expected, compiled.IsAllowed(from, to, protocol, port), $"{where}: naive and compiled");
                    Same(expected, compiled.IsAllowed(source, destination, protocol, port, family), $"{where}: naive and compiled by index");
                    Same(expected, matrix[source, destination], $"{where}: naive and matrix");
                    Same(expected, row.Contains(destination), $"{where}: naive and row");
                    Same(expected, matrix.Column(destination).Contains(source), $"{where}: naive and column");
                }
            }

            Same(true, matrix.CountAllowed() == allowed, $"{allowed} pairs are allowed, the matrix counts {matrix.CountAllowed()}");
        },
        iter: 6_000, print: Print);

    [Fact]
    public void Agree_where_an_end_is_only_an_address() => Gen.Select(
        ClusterGen.Documents, ClusterGen.Pick(s_addresses), ClusterGen.Pick(ClusterGen.Protocols), ClusterGen.Pick(ClusterGen.Ports)).Sample(
        (texts, address, protocolName, port) =>
        {
            var documents = ClusterGen.Parse(texts);
            var pods = ClusterDocuments.Of(documents, "Pod").ToList();
            var (cluster, judge, protocol, ipv6) = (ClusterDocuments.Read(documents), new NaiveJudge(documents), Protocols.Parse(protocolName)!.Value, address.Contains(':'));
            var compiled = CompiledPolicies.Compile(cluster);
            for (var index = 0; index < pods.Count; index++)
            {
                var (pod, other) = (FlowEnd.Of(cluster.Pods[index]), FlowEnd.Of(IPAddress.Parse(address)));
                var (naivePod, naiveOther) = (NaiveJudge.Of(pods[index], ipv6), judge.At(address));
                var leaving = PolicyEvaluator.Evaluate(cluster, pod, other, protocol, port);
                var coming = PolicyEvaluator.Evaluate(cluster, other, pod, protocol, port);
                Same(judge.Allows(naivePod, naiveOther, protocolName, port), leaving.Allowed, $"p{index} → {address}: naive and plain; {leaving}");
                Same(judge.Allows(naiveOther, naivePod, protocolName, port), coming.Allowed, $"{address} → p{index}: naive and plain; {coming}");
                Same(leaving.Allowed, compiled.IsAllowed(pod, other, protocol, port), $"p{index} → {address}: plain and compiled");
                Same(coming.Allowed, compiled.IsAllowed(other, pod, protocol, port), $"{address} → p{index}: plain and compiled");
            }
        },
        iter: 6_000, print: Print);

    [Fact]
    public void Agree_in_a_big_cluster()
    {
        var seed = Environment.TickCount;
        var cluster = BigCluster.Build(seed, pods: 1_000, policies: 300, clusterPolicies: 20);
        var compiled = CompiledPolicies.Compile(cluster);
        var matrix = compiled.Matrix(TransportProtocol.Sctp, 38412);
        var random = new Random(seed);
        for (var round = 0; round < 3_000; round++)
        {
            var (source, destination) = (random.Next(1_000), random.Next(1_000));
            var verdict = PolicyEvaluator.Evaluate(cluster, FlowEnd.Of(cluster.Pods[source]), FlowEnd.Of(cluster.Pods[destination]), TransportProtocol.Sctp, 38412);
            Same(verdict.Allowed, matrix[source, destination], $"seed {seed}: {cluster.Pods[source]} → {cluster.Pods[destination]}: plain and matrix; {verdict}");
            Same(verdict.Allowed, compiled.IsAllowed(source, destination, TransportProtocol.Sctp, 38412), $"seed {seed}: {source} → {destination}: plain and compiled; {verdict}");
        }

        var all = matrix.CountAllowed();
        Assert.Equal(all, Enumerable.Range(0, 1_000).Sum(source => (long)matrix.Row(source).Count));
        Assert.True(all is > 1_000 and < 999_000, $"seed {seed}: {all} of 1,000,000 pairs are allowed: the cluster says too little");
    }

    private static void Same(bool expected, bool actual, string what)
    {
        if (expected != actual)
        {
            throw new InvalidOperationException($"{what}: {expected} and {actual}");
        }
    }

    private static string Print<T>(T sample) where T : System.Runtime.CompilerServices.ITuple =>
        string.Join('\n', Enumerable.Range(0, sample.Length).Select(index => sample[index] is string[] documents ? string.Join('\n', documents) : $"{sample[index]}"));
}
