using System.Net;
using Trunkline.Policy.Evaluation;
using Trunkline.Policy.Model;
using Xunit;

namespace Trunkline.Policy.Tests;

/// <summary>A folder a case: a cluster, and line by line what may flow in it and why.</summary>
public sealed class CaseTests
{
    private static string Root => Path.Combine(AppContext.BaseDirectory, "Cases");

    public static TheoryData<string> Names() => [.. Directory.GetDirectories(Root).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Verdicts_are_as_expected(string name)
    {
        var cluster = CaseReader.Read(Path.Combine(Root, name, "cluster.json"));
        var lines = File.ReadAllLines(Path.Combine(Root, name, "expected.txt"));
        Assert.NotEmpty(lines);
        foreach (var line in lines)
        {
            var (flow, reason) = line.Split(" | ") is [var left, var right] ? (left, right) : (line, "");
            var words = flow.Split(' '); // source -> destination protocol port verdict
            var verdict = PolicyEvaluator.Evaluate(
                cluster, End(cluster, words[0]), End(cluster, words[2]), Protocols.Parse(words[3])!.Value, int.Parse(words[4]));
            Assert.True(verdict.Allowed == (words[5] == "allowed"), $"{line}\n{verdict.Explain()}");
            Assert.Contains(reason, verdict.Explain(), StringComparison.Ordinal);
        }
    }

    private static FlowEnd End(PolicyCluster cluster, string text) => text.Contains('/')
        ? FlowEnd.Of(cluster.Pods.Single(pod => $"{pod}" == text))
        : FlowEnd.Of(IPAddress.Parse(text));
}
