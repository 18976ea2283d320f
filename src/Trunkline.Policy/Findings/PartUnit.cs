using Trunkline.Policy.Compiled;

namespace Trunkline.Policy.Findings;

/// <summary>A peer or a port of a rule: what it says, whether it means anybody at all, and the rule without it.</summary>
internal sealed record PartUnit(string Text, string? MeansNothing, Func<CompiledRule?> Without);
