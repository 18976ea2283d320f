using System.Text.Json.Nodes;
using Trunkline.Policy.Cases.Documents;
using Trunkline.Policy.Cases.Oracle;
using Trunkline.Policy.Model;

namespace Trunkline.Policy.Cases.Tables;

/// <summary>One moment of a case: the whole cluster, and where its expected table is.</summary>
public sealed record GridStep(IReadOnlyList<JsonNode> Documents, string ExpectedPath)
{
    public IReadOnlyList<string> Pods => [.. ClusterDocuments.Of(Documents, "Pod").Select(pod => $"{ClusterDocuments.NamespaceOf(pod)}/{ClusterDocuments.NameOf(pod)}")];

    /// <summary>The same Pods, in the same order.</summary>
    public PolicyCluster Cluster() => ClusterDocuments.Read(Documents);

    public TruthTable Expected() => TruthTable.Parse(File.ReadAllText(ExpectedPath));

    /// <summary>What the naive judge says: where expected tables come from.</summary>
    public TruthTable Judged()
    {
        var (pods, judge) = (ClusterDocuments.Of(Documents, "Pod").ToList(), new NaiveJudge(Documents));
        return TruthTable.Fill(Pods, (probe, source, destination) =>
            judge.Allows(NaiveJudge.Of(pods[source], probe.Ipv6), NaiveJudge.Of(pods[destination], probe.Ipv6), probe.Protocol, probe.Port));
    }
}
