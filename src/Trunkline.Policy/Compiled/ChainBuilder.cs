using System.Runtime.InteropServices;
using Trunkline.Policy.Model;

namespace Trunkline.Policy.Compiled;

/// <summary>Gives every Pod its chain of one direction; Pods under the same policies get the same one.</summary>
internal sealed class ChainBuilder(PolicyCluster cluster, PodIndex index, RuleCompiler compiler, TrafficDirection direction)
{
    private readonly Dictionary<string, RuleChain> _chains = new(StringComparer.Ordinal);
    private readonly List<CompiledRule[]> _rules = [];
    private readonly List<PolicyTier?> _tiers = []; // null: a NetworkPolicy

    /// <summary>A Pod without a chain is under no policy.</summary>
    public RuleChain?[] Build()
    {
        var policiesOf = new List<int>?[index.Count];
        foreach (var policy in cluster.ClusterPolicies.Where(policy => policy.Rules(direction).Count > 0))
        {
            Add(policiesOf, index.Select(policy.Subject), policy.Tier, policy.Rules(direction).Select(compiler.Compile).OfType<CompiledRule>());
        }

        foreach (var policy in cluster.Policies.Where(policy => policy.Isolates(direction)))
        {
            var selected = index.Select(policy.PodSelector).And(index.InNamespace(policy.Namespace));
            Add(policiesOf, selected, null, policy.Rules(direction).Select(rule => compiler.Compile(policy, rule)));
        }

        return [.. policiesOf.Select(policies => policies is null ? null : ChainOf(policies))];
    }

    private void Add(List<int>?[] policiesOf, PodSet selected, PolicyTier? tier, IEnumerable<CompiledRule> rules)
    {
        var number = _rules.Count;
        _rules.Add([.. rules]);
        _tiers.Add(tier);
        foreach (var pod in selected.And(index.OnNetwork).Indexes())
        {
            (policiesOf[pod] ??= []).Add(number);
        }
    }

    private RuleChain ChainOf(List<int> policies)
    {
        var key = new string(MemoryMarshal.Cast<int, char>(CollectionsMarshal.AsSpan(policies)));
        if (!_chains.TryGetValue(key, out var chain))
        {
            _chains[key] = chain = new RuleChain(Rules(PolicyTier.Admin), policies.Exists(policy => _tiers[policy] is null), Rules(null), Rules(PolicyTier.Baseline));
        }

        return chain;

        List<CompiledRule> Rules(PolicyTier? tier) => [.. policies.Where(policy => _tiers[policy] == tier).SelectMany(policy => _rules[policy])];
    }
}
