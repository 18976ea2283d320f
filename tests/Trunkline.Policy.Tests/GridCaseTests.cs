using Trunkline.Policy.Cases.Tables;
using Trunkline.Policy.Compiled;
using Trunkline.Policy.Evaluation;
using Trunkline.Policy.Model;
using Xunit;

namespace Trunkline.Policy.Tests;

/// <summary>
/// The published cases, re-made (Trunkline.Policy.Cases/Grid): every shape of Cyclonus' 230 and of Kubernetes' 48 end-to-end ones, and of ClusterNetworkPolicy's conformance
/// suites. Tables are committed: the naive judge made them, people read them. A new case without one fails and shows what the judge says.
/// </summary>
public sealed class GridCaseTests
{
    public static TheoryData<string> Names() => [.. GridCase.Names(GridCase.Root)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Both_evaluators_fill_the_table_as_expected(string name)
    {
        foreach (var step in GridCase.Read(GridCase.Root, name).Steps)
        {
            Assert.True(File.Exists(step.ExpectedPath), $"{step.ExpectedPath} is missing; the naive judge says\n{step.Judged()}");
            var (cluster, expected) = (step.Cluster(), $"{step.Expected()}");
            Assert.Equal(expected, $"{step.Judged()}");
            var plain = TruthTable.Fill(step.Pods, (probe, source, destination) => PolicyEvaluator.Evaluate(
                cluster, FlowEnd.Of(cluster.Pods[source], probe.Family), FlowEnd.Of(cluster.Pods[destination], probe.Family), Protocols.Parse(probe.Protocol)!.Value, probe.Port).Allowed);
            Assert.Equal(expected, $"{plain}");
            var compiled = CompiledPolicies.Compile(cluster);
            var matrices = Probe.All.ToDictionary(probe => probe, probe => compiled.Matrix(Protocols.Parse(probe.Protocol)!.Value, probe.Port, probe.Family));
            Assert.Equal(expected, $"{TruthTable.Fill(step.Pods, (probe, source, destination) => matrices[probe][source, destination])}");
        }
    }

    [Fact]
    public void All_published_cases_are_here() => Assert.Equal(
        [("target", 6), ("rules", 4), ("peers", 112), ("ports", 70), ("example", 1), ("actions", 6), ("conflicts", 16), ("namespaces", 2), ("upstream", 13), ("kubernetes", 48)],
        new[] { "target", "rules", "peers", "ports", "example", "actions", "conflicts", "namespaces", "upstream", "kubernetes" }
            .Select(group => (group, GridCase.Names(GridCase.Root).Count(name => name.StartsWith($"{group}/", StringComparison.Ordinal)))));
}
