using Trunkline.Policy.Compiled;

namespace Trunkline.Policy.Findings;

/// <summary>One rule: compiled (null where it matches nothing), and what it would be without one of its peers or ports.</summary>
internal sealed record RuleUnit(CompiledRule? Compiled)
{
    public IReadOnlyList<PartUnit> Peers { get; init; } = [];

    public IReadOnlyList<PartUnit> Ports { get; init; } = [];

    public string? Unreadable { get; init; }
}
