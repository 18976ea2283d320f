using System.Globalization;
using Trunkline.Node.Network.Nft;

namespace Trunkline.Node.Network.Policies;

/// <summary>
/// The chains and sets that Pods of this node need, each counted: it is a part of the rules as long as somebody leads to it. What nobody needs any more stays for a
/// while, as labels often change back, and then all of it goes at once: to make or to delete a chain takes the kernel longer than all the rest of a change.
/// </summary>
internal sealed class RuleChains(RulesTable table, Action<PeerSet> fill, Action<PeerSet> drain)
{
    /// <summary>How many lines of chains may wait for somebody who needs them again.</summary>
    private const int KeptLines = 1024;
    private readonly Dictionary<string, Counted> _chains = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PeerSet> _sets = new(StringComparer.Ordinal);
    private readonly HashSet<string> _idle = new(StringComparer.Ordinal);
    private readonly HashSet<PeerSet> _idleSets = [];
    private int _idleLines;

    // Never given twice, so that no Pod can be led to a chain that has another's number.
    private uint _next = PolicyRules.FirstClass;

    /// <summary>Gives the number that leads to the chain, where Pods' addresses do.</summary>
    public uint Use(RuleChain chain)
    {
        if (!_chains.TryGetValue(chain.Name, out var counted))
        {
            foreach (var use in chain.Sets)
            {
                Use(use);
            }

            foreach (var inner in chain.Chains)
            {
                Use(inner);
            }

            _chains[chain.Name] = counted = new Counted(chain, _next++);
            var part = new RulesPart();
            part.Add(new NftChain(chain.Name, null, chain.Lines));
            if (chain.IsClass)
            {
                part.Add(PolicyRules.ClassMap, counted.Number.ToString(CultureInfo.InvariantCulture), $"goto {chain.Name}");
            }

            table.Put($"chain/{chain.Name}", part);
        }

        if (counted.Uses++ == 0 && _idle.Remove(chain.Name))
        {
            _idleLines -= chain.Lines.Count;
        }

        return counted.Number;
    }

    public void Release(string name)
    {
        if (--_chains[name].Uses == 0 && _idle.Add(name))
        {
            _idleLines += _chains[name].Chain.Lines.Count;
        }
    }

    public void RemoveIdle()
    {
        if (_idleLines <= KeptLines)
        {
            return;
        }

        while (_idle.Count > 0)
        {
            var names = _idle.ToList();
            _idle.Clear();
            _idleLines = 0;
            foreach (var name in names.Where(name => _chains[name].Uses == 0))
            {
                Remove(name);
            }
        }

        foreach (var set in _idleSets.Where(set => set.Uses == 0))
        {
            drain(set);
            _sets.Remove(set.Name);
            table.Put($"set/{set.Name}", null);
        }

        _idleSets.Clear();
    }

    private void Remove(string name)
    {
        var chain = _chains[name].Chain;
        _chains.Remove(name);
        table.Put($"chain/{name}", null);
        foreach (var inner in chain.Chains)
        {
            Release(inner.Name);
        }

        foreach (var use in chain.Sets)
        {
            var set = _sets[use.Name];
            if (--set.Uses == 0)
            {
                _idleSets.Add(set);
            }
        }
    }

    private void Use(SetUse use)
    {
        if (!_sets.TryGetValue(use.Name, out var set))
        {
            _sets[use.Name] = set = new PeerSet(use);
            var part = new RulesPart();
            part.Add(new NftSet(use.Name, use.Declaration));
            table.Put($"set/{use.Name}", part);
            fill(set);
        }

        set.Uses++;
    }

    private sealed class Counted(RuleChain chain, uint number)
    {
        public uint Number => number;

        public RuleChain Chain => chain;

        public int Uses { get; set; }
    }
}
