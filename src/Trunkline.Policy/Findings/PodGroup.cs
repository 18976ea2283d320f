using Trunkline.Policy.Compiled;
using Trunkline.Policy.Model;

namespace Trunkline.Policy.Findings;

/// <summary>Pods under the same policies in one direction.</summary>
internal sealed class PodGroup(IReadOnlyList<PolicyUnit> units, IReadOnlyList<int> pods)
{
    private RuleChain? _chain;

    public IReadOnlyList<PolicyUnit> Units => units;

    public IReadOnlyList<int> Pods => pods;

    /// <summary>What the Pods are under.</summary>
    public RuleChain Chain => _chain ??= With(null, null);

    /// <summary>What the Pods were under with one unit changed, or gone.</summary>
    public RuleChain With(PolicyUnit? old, PolicyUnit? changed)
    {
        var all = Units.Select(unit => ReferenceEquals(unit, old) ? changed : unit).OfType<PolicyUnit>().ToList();
        return new RuleChain(Rules(PolicyTier.Admin), all.Exists(unit => unit.Tier is null), Rules(null), Rules(PolicyTier.Baseline), int.MaxValue);

        List<CompiledRule> Rules(PolicyTier? tier) => [.. all.Where(unit => unit.Tier == tier).SelectMany(unit => unit.Rules).Select(rule => rule.Compiled).OfType<CompiledRule>()];
    }
}
