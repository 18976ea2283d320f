using Trunkline.Operations.Lint.Context;
using Trunkline.Operations.Lint.Documents;
using Trunkline.Operations.Lint.Fixes;
using Trunkline.Operations.Manifests;

namespace Trunkline.Operations.Lint.Rules.Policies;

/// <summary>SCTP002: two peers where one with both selectors was meant. Both readings are valid, so the rule speaks only where something makes plain which was meant.</summary>
internal sealed class PeerOrRule : IDocumentRule
{
    private const int ShortestWord = 4;

    public void Check(LintDocument document, LintContext context, LintReport report)
    {
        if (context.Policy(document) is not { } policy)
        {
            return;
        }

        foreach (var rule in policy.Rules())
        {
            for (var i = 0; i + 1 < rule.Peers.Count; i++)
            {
                if (Pair(rule.Peers[i], rule.Peers[i + 1]) is { } pair && Why(policy, pair.Namespace, pair.Pods, context) is { } why)
                {
                    Report(policy, rule, rule.Peers[i], rule.Peers[i + 1], why, report);
                    i++;
                }
            }
        }
    }

    /// <summary>The selectors of two peers of which one has only a namespaceSelector and one only a podSelector, neither of them for all.</summary>
    public static (ManifestNode Namespace, ManifestNode Pods)? Pair(ManifestNode first, ManifestNode second)
    {
        var (ns, pods) = first.Has("namespaceSelector") ? (first, second) : (second, first);
        return ns.Has("namespaceSelector") && !ns.Has("podSelector") && pods.Has("podSelector") && !pods.Has("namespaceSelector") && !ns.Has("ipBlock") && !pods.Has("ipBlock")
            && !Selectors.IsEmpty(pods["podSelector"]) && !Selectors.IsEmpty(ns["namespaceSelector"])
            ? (ns["namespaceSelector"]!, pods["podSelector"]!)
            : null;
    }

    private static string? Why(PolicyFacts policy, ManifestNode ns, ManifestNode pods, LintContext context)
    {
        var own = LintContext.Key(policy.Document);
        var there = (ns["matchLabels"]).Words().GetValueOrDefault("kubernetes.io/metadata.name");
        if (context.Selected(own, pods).Workloads.Count > 0 || there == policy.Document.Namespace)
        {
            return null;
        }

        if (there is not null && context.Selected(there, pods).Workloads.Count > 0)
        {
            return $"the Pods with {Selectors.Words(pods)} are in {there}";
        }

        if (Prose(policy.Document, ns, pods))
        {
            return "the text before it says Pods of that namespace";
        }

        var shared = Words(ns).Intersect(Words(pods), StringComparer.OrdinalIgnoreCase).FirstOrDefault();
        if (shared is not null)
        {
            return $"both name \"{shared}\"";
        }

        return policy.NamesSctp && context.WorkloadsIn(own).Count > 0 ? $"no Pod of {(own.Length > 0 ? own : "its own namespace")} has {Selectors.Words(pods)}" : null;
    }

    private static IEnumerable<string> Words(ManifestNode selector) => selector["matchLabels"].Words().Values.Concat(selector["matchExpressions"].List().SelectMany(one => one["values"].Texts()))
        .SelectMany(value => value.Split(['-', '.', '_', '/'])).Where(word => word.Length >= ShortestWord);

    // "the ingressgateway of istio-system": namespace and a word of the label in one line of prose shortly before the manifest, and no "or" in it.
    private static bool Prose(LintDocument document, ManifestNode ns, ManifestNode pods)
    {
        if (document.File?.Page is not { } page || document.Chunk?.Fence is not { } fence)
        {
            return false;
        }

        var names = (ns["matchLabels"]).Words().Values.Where(name => name.Length >= ShortestWord).ToList();
        var labels = Words(pods).ToList();
        return page.Prose.Where(line => line < fence.Open && line >= fence.Open - 6).Select(page.Source.Line).Any(line =>
            names.Exists(name => line.Contains(name, StringComparison.OrdinalIgnoreCase)) && labels.Exists(word => line.Contains(word, StringComparison.OrdinalIgnoreCase))
            && !line.Contains(" or ", StringComparison.OrdinalIgnoreCase) && !line.Contains("또는", StringComparison.Ordinal));
    }

    private static void Report(PolicyFacts policy, PolicyRuleFacts rule, ManifestNode first, ManifestNode second, string why, LintReport report)
    {
        var document = policy.Document;
        var pods = (first.Has("podSelector") ? first : second)["podSelector"];
        report.Add("SCTP002", document, first, $"{document.Title} allows all Pods of the namespaces, or Pods of its own namespace with {Selectors.Words(pods)}: the two are items of their own under {rule.PeerKey}; {why}",
            "write namespaceSelector and podSelector in one item (take the second dash away)", Merge(document, first, second));
    }

    private static TextEdit[] Merge(LintDocument document, ManifestNode first, ManifestNode second)
    {
        if (document.Chunk is not { Region: { Source: var source } region } || first.IsFlow || second.IsFlow || first.Start.Column != second.Start.Column || first.Start == second.Start)
        {
            return [];
        }

        var key = region.InFile(second.Start);
        var line = source.Start(source.LineOf(key));
        var before = source.Text.AsSpan(line, key - line);
        var dash = before.LastIndexOf('-');
        return dash >= 0 && !before[..dash].ContainsAnyExcept(' ') && !before[(dash + 1)..].ContainsAnyExcept(' ') ? [new TextEdit(line + dash, line + dash + 1, " ")] : [];
    }
}
