namespace Trunkline.Node.Network.Nft;

/// <summary>All of the table <c>inet trunkline</c>, as it should be. A value: computed, compared, and only then written.</summary>
internal sealed class Ruleset
{
    public const string Table = "inet trunkline";

    public SortedDictionary<string, NftSet> Sets { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, NftChain> Chains { get; } = new(StringComparer.Ordinal);

    public int ElementCount => Sets.Values.Sum(set => set.Elements.Count);

    public NftSet Add(NftSet set)
    {
        Sets[set.Name] = set;
        return set;
    }

    public void Add(NftChain chain) => Chains[chain.Name] = chain;
}
