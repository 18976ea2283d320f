using Trunkline.Operations.Lint.Context;
using Trunkline.Operations.Lint.Documents;
using Trunkline.Operations.Manifests;

namespace Trunkline.Operations.Lint.Rules.Policies;

/// <summary>Whom a peer of a policy means, as far as the run knows.</summary>
internal static class Peers
{
    /// <summary>The workloads that a peer means; null where that cannot be told from the run.</summary>
    public static IReadOnlyList<Selection>? Reached(PolicyFacts policy, ManifestNode peer, LintContext context)
    {
        if (peer.Has("ipBlock"))
        {
            return null;
        }

        if (!peer.Has("namespaceSelector"))
        {
            return [context.Selected(LintContext.Key(policy.Document), peer["podSelector"])];
        }

        var names = Names(peer["namespaceSelector"]!, context);
        return names is null ? null : [.. names.Select(name => context.Selected(name, peer["podSelector"]))];
    }

    /// <summary>The namespaces that a selector means; null where that cannot be told from the run.</summary>
    public static IReadOnlyList<string>? Names(ManifestNode selector, LintContext context)
    {
        if (context.HasCluster)
        {
            return [.. context.Namespaces.Where(ns => Selectors.Matches(selector, WithName(ns.Key, ns.Value))).Select(ns => ns.Key)];
        }

        return selector["matchLabels"].Words() is { Count: 1 } labels && labels.TryGetValue("kubernetes.io/metadata.name", out var name) && Selectors.IsEmpty(selector) == false && selector["matchExpressions"] is null ? [name] : null;
    }

    // Every namespace has the label, set by the API server; files leave it out.
    private static Dictionary<string, string> WithName(string name, LintDocument ns) => new(ns.Labels) { ["kubernetes.io/metadata.name"] = name };
}
