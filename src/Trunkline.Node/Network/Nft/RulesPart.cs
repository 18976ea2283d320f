namespace Trunkline.Node.Network.Nft;

/// <summary>
/// What one thing of the cluster (a Service, a Pod, a policy, the node itself) adds to the node's rules. Sets and chains may be named by several parts, which then say
/// the same of them; an element that several parts give another value has the value of the part whose name is first.
/// </summary>
internal sealed class RulesPart
{
    private readonly List<NftSet> _sets = [];
    private readonly List<NftChain> _chains = [];
    private readonly List<NftElement> _elements = [];

    public IReadOnlyList<NftSet> Sets => _sets;

    public IReadOnlyList<NftChain> Chains => _chains;

    public IReadOnlyList<NftElement> Elements => _elements;

    public void Add(NftSet set) => _sets.Add(set);

    public void Add(NftChain chain) => _chains.Add(chain);

    public void Add(NftElement element) => _elements.Add(element);

    public void Add(string set, string key, string value = "") => _elements.Add(new NftElement(set, key, value));
}
