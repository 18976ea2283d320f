using Trunkline.Policy.Model;

namespace Trunkline.Node.Network.Policies;

/// <summary>
/// What policies say of a kind of Pods, as a chain: first the Admin tier, then NetworkPolicies, whose word is final for Pods that one of them isolates, then the
/// Baseline tier. Pure.
/// </summary>
internal sealed class KindVerdicts(IReadOnlyList<ClusterNetworkPolicy> clusterPolicies, IReadOnlyList<PolicyNode> nodes)
{
    // Few Pods differ in what ClusterNetworkPolicies say of them; their chains are made once.
    private readonly Dictionary<string, RuleChain> _tiers = new(StringComparer.Ordinal);

    /// <summary>Null where everything is allowed.</summary>
    public RuleChain? ChainOf(PodKind kind, IReadOnlyDictionary<string, string> namespaceLabels, TrafficDirection direction, AddressWords words)
    {
        var isolating = kind.Policies.Values.Where(policy => policy.Policy.Isolates(direction)).ToList();
        var (lines, chains) = Admin(kind, namespaceLabels, direction, words);
        if (isolating.Count == 0)
        {
            AddBaseline(lines, chains, kind, namespaceLabels, direction, words);
        }
        else
        {
            foreach (var chain in isolating.Select(policy => policy.ChainOf(direction, words)).Where(chain => chain.Lines.Count > 0)
                .DistinctBy(chain => chain.Name).OrderBy(chain => chain.Name, StringComparer.Ordinal))
            {
                chains.Add(chain);
                lines.Add($"jump {chain.Name}");
            }

            lines.Add($"goto {PolicyRules.DropChain}");
        }

        return lines.Count == 0 ? null : RuleChain.Of(direction == TrafficDirection.Ingress ? "in" : "out", lines, [], chains) with { IsClass = true };
    }

    /// <summary>For packets from a Pod to its own node, from which NetworkPolicies do not keep it.</summary>
    public RuleChain? ChainToNode(PodKind kind, IReadOnlyDictionary<string, string> namespaceLabels, AddressWords words)
    {
        var (lines, chains) = Admin(kind, namespaceLabels, TrafficDirection.Egress, words);
        if (!kind.Policies.Values.Any(policy => policy.Policy.Isolates(TrafficDirection.Egress)))
        {
            AddBaseline(lines, chains, kind, namespaceLabels, TrafficDirection.Egress, words);
        }

        return lines.Count == 0 ? null : RuleChain.Of("node", lines, [], chains) with { IsClass = true };
    }

    private (List<string> Lines, List<RuleChain> Chains) Admin(
        PodKind kind, IReadOnlyDictionary<string, string> namespaceLabels, TrafficDirection direction, AddressWords words) =>
        Tier(kind, namespaceLabels, PolicyTier.Admin, direction, words) is { } admin ? ([$"jump {admin.Name}"], [admin]) : ([], []);

    private void AddBaseline(
        List<string> lines, List<RuleChain> chains, PodKind kind, IReadOnlyDictionary<string, string> namespaceLabels, TrafficDirection direction, AddressWords words)
    {
        if (Tier(kind, namespaceLabels, PolicyTier.Baseline, direction, words) is { } baseline)
        {
            lines.Add($"goto {baseline.Name}");
            chains.Add(baseline);
        }
    }

    private RuleChain? Tier(PodKind kind, IReadOnlyDictionary<string, string> namespaceLabels, PolicyTier tier, TrafficDirection direction, AddressWords words)
    {
        var asked = clusterPolicies.Where(policy => policy.Tier == tier && policy.Rules(direction).Count > 0
            && policy.Subject.PodSelector.Matches(kind.Labels) && policy.Subject.NamespaceSelector.Matches(namespaceLabels)).ToList();
        if (asked.Count == 0)
        {
            return null;
        }

        var key = $"{direction}{words.Suffix}\n{string.Join('\n', asked.Select(policy => policy.Name))}";
        if (!_tiers.TryGetValue(key, out var chain))
        {
            var lines = new PolicyLines(direction, words);
            foreach (var policy in asked)
            {
                lines.Add(policy, nodes);
            }

            _tiers[key] = chain = RuleChain.Of(tier == PolicyTier.Admin ? "admin" : "baseline", lines.Lines, lines.Sets, []);
        }

        return chain.Lines.Count == 0 ? null : chain;
    }
}
