using Trunkline.Operations.Findings;

namespace Trunkline.Operations.Lint.Catalogue;

/// <summary>A rule of the lint.</summary>
/// <param name="Info">What it is.</param>
/// <param name="Needs">What it looks at.</param>
/// <param name="IsFixable">Whether <c>--fix</c> can take (some of) its findings away.</param>
public sealed record LintRule(RuleInfo Info, RuleNeeds Needs, bool IsFixable);
