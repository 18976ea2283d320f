namespace Trunkline.Node.Network.Nft;

/// <summary>A chain and its rules, in order. Equal where it says the same.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="Hook">Where the kernel calls it (<c>type filter hook forward priority 0;</c>), or null.</param>
/// <param name="Rules">Rules in nft's language.</param>
internal sealed record NftChain(string Name, string? Hook, IReadOnlyList<string> Rules)
{
    public bool Equals(NftChain? other) =>
        ReferenceEquals(this, other) || (other is not null && Name == other.Name && Hook == other.Hook && Rules.SequenceEqual(other.Rules));

    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);
}
