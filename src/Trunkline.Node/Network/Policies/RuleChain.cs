namespace Trunkline.Node.Network.Policies;

/// <summary>A chain named by what it says, with the sets and chains it leads to.</summary>
internal sealed record RuleChain(string Name, IReadOnlyList<string> Lines, IReadOnlyList<SetUse> Sets, IReadOnlyList<RuleChain> Chains)
{
    /// <summary>Pods' addresses lead to it, by its number.</summary>
    public bool IsClass { get; init; }

    public static RuleChain Of(string prefix, IReadOnlyList<string> lines, IReadOnlyList<SetUse> sets, IReadOnlyList<RuleChain> chains) =>
        new($"{prefix}_{PolicyRules.Hash(string.Join('\n', lines))}", lines, sets, chains);
}
