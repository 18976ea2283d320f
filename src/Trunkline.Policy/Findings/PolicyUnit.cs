using Trunkline.Policy.Compiled;
using Trunkline.Policy.Model;

namespace Trunkline.Policy.Findings;

/// <summary>One policy in one direction: whom it is about and what its rules are, as written and as compiled.</summary>
internal sealed record PolicyUnit(string Name, PolicyTier? Tier, TrafficDirection Direction, PodSet Selected, IReadOnlyList<RuleUnit> Rules)
{
    public string Word => Direction == TrafficDirection.Ingress ? "ingress" : "egress";

    /// <summary>The unit with one of its rules changed, or gone.</summary>
    public PolicyUnit With(int rule, CompiledRule? changed) => this with
    {
        Rules = [.. Rules.Select((old, index) => index == rule ? old with { Compiled = changed } : old)],
    };
}
