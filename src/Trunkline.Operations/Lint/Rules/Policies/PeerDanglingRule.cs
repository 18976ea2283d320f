using Trunkline.Operations.Lint.Context;
using Trunkline.Operations.Lint.Documents;
using Trunkline.Operations.Manifests;

namespace Trunkline.Operations.Lint.Rules.Policies;

/// <summary>
/// SCTP011: a peer that selects nothing. With a cluster's objects that is known; from files alone only where a peer, by the mistake of SCTP002, means Pods of the policy's own namespace
/// and the run has that namespace's Pods.
/// </summary>
internal sealed class PeerDanglingRule : IDocumentRule
{
    public void Check(LintDocument document, LintContext context, LintReport report)
    {
        if (context.Policy(document) is not { } policy || !document.IsSctp)
        {
            return;
        }

        foreach (var rule in policy.Rules())
        {
            for (var i = 0; i < rule.Peers.Count; i++)
            {
                if (context.HasCluster)
                {
                    InCluster(policy, rule.Peers[i], context, report);
                }
                else if ((i > 0 && PeerOrRule.Pair(rule.Peers[i - 1], rule.Peers[i]) is not null) || (i + 1 < rule.Peers.Count && PeerOrRule.Pair(rule.Peers[i], rule.Peers[i + 1]) is not null))
                {
                    InRun(policy, rule.Peers[i], context, report);
                }
            }
        }
    }

    private static void InCluster(PolicyFacts policy, ManifestNode peer, LintContext context, LintReport report)
    {
        if (peer["namespaceSelector"] is { Entries: not null } selector && Peers.Names(selector, context) is { Count: 0 })
        {
            report.Add("SCTP011", policy.Document, peer.Entry("namespaceSelector")!.Key, $"a peer of {policy.Document.Title} selects no namespace: none has {Selectors.Words(selector)}", "see `oc get namespaces --show-labels`");
        }
        else if (!Selectors.IsEmpty(peer["podSelector"]) && Peers.Reached(policy, peer, context)?.All(selection => selection.Workloads.Count == 0) == true)
        {
            report.Add("SCTP011", policy.Document, peer.Entry("podSelector")!.Key, $"a peer of {policy.Document.Title} selects no Pod: none there has {Selectors.Words(peer["podSelector"])}", "see `oc get pods -A --show-labels`");
        }
    }

    private static void InRun(PolicyFacts policy, ManifestNode peer, LintContext context, LintReport report)
    {
        var own = LintContext.Key(policy.Document);
        if (peer.Has("podSelector") && !peer.Has("namespaceSelector") && context.WorkloadsIn(own).Count > 0 && context.Selected(own, peer["podSelector"]).Workloads.Count == 0)
        {
            report.Add("SCTP011", policy.Document, peer.Entry("podSelector")!.Key,
                $"as an item of its own this peer of {policy.Document.Title} means Pods of {(own.Length > 0 ? own : "the policy's own namespace")}, and none there has {Selectors.Words(peer["podSelector"])}",
                "write it in one item with the namespaceSelector, and check the label: gateways' labels differ");
        }
    }
}
