namespace Trunkline.Node.Network.Nft;

/// <summary>
/// All of the table <c>inet trunkline</c> as it should be, made of parts, and what of it the kernel has. Work is proportional to what changes, never to what is there.
/// Pure: it is told what was written.
/// </summary>
internal sealed class RulesTable
{
    public const string Name = "inet trunkline";
    private readonly Dictionary<string, HeldPart> _parts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Counted<NftChain>> _chains = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SetState> _sets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Shape> _shapes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _touchedChains = new(StringComparer.Ordinal);
    private readonly HashSet<string> _touchedSets = new(StringComparer.Ordinal);

    public int ChainCount => _chains.Count;

    public int ElementCount => _sets.Values.Sum(set => set.Count);

    public IEnumerable<NftChain> Chains => _chains.Values.Where(chain => chain.Uses > 0).Select(chain => chain.Item);

    public IEnumerable<NftSet> Sets => _sets.Values.Where(set => set.Uses > 0).Select(set => set.Set);

    /// <summary>Elements of a set as they should be.</summary>
    public IEnumerable<KeyValuePair<string, string>> ElementsOf(string set) => _sets.TryGetValue(set, out var state) ? state.All : [];

    /// <summary>The part whose value of an element is in force; null where no part has it.</summary>
    public string? OwnerOf(string set, string key) => _sets.TryGetValue(set, out var state) ? state.OwnerOf(key) : null;

    /// <summary>The parts that claim an element, the owner first; nobody where it is one alone.</summary>
    public IEnumerable<string> ClaimantsOf(string set, string key) => _sets.TryGetValue(set, out var state) ? state.ClaimantsOf(key) : [];

    /// <summary>From now on the part is this; null: it is gone.</summary>
    public void Put(string name, RulesPart? part)
    {
        _parts.TryGetValue(name, out var before);
        // The new before the old: what both name never counts as gone.
        if (part is not null)
        {
            Declare(part);
        }

        // An element must not be taken away after it was given anew under the same name: elements go first.
        foreach (var element in before?.Elements ?? [])
        {
            Set(element.Set).Withdraw(name, element.Key);
        }

        foreach (var element in part?.Elements ?? [])
        {
            Set(element.Set).Claim(name, element.Key, element.Value);
        }

        if (before is not null)
        {
            Release(before);
        }

        if (part is null)
        {
            _parts.Remove(name);
        }
        else
        {
            _parts[name] = Hold(part);
        }
    }

    /// <summary>One element more of a set that some part declares, for those who have many and change few of them.</summary>
    public void Claim(string owner, NftElement element) => Set(element.Set).Claim(owner, element.Key, element.Value);

    public void Withdraw(string owner, string set, string key) => Set(set).Withdraw(owner, key);

    /// <summary>What has to be written; from then on it counts as written.</summary>
    public RulesChange TakeChange()
    {
        var newChains = new List<NftChain>();
        var goneChains = new List<NftChain>();
        foreach (var chain in _touchedChains.Select(name => _chains[name]))
        {
            chain.Take(newChains, goneChains);
        }

        var newSets = new List<NftSet>();
        var goneSets = new List<NftSet>();
        var elements = new List<SetChange>();
        foreach (var set in _touchedSets.Select(name => _sets[name]))
        {
            set.Take(newSets, goneSets);
            if (set.TakeChange() is { } change)
            {
                elements.Add(change);
            }
        }

        Forget();
        return new RulesChange(RulesScript.Add(newSets, newChains), elements, RulesScript.Delete(goneSets, goneChains));
    }

    /// <summary>Nobody knows what the kernel has: everything counts as unwritten.</summary>
    public void Distrust()
    {
        foreach (var (name, chain) in _chains)
        {
            chain.InKernel = false;
            _touchedChains.Add(name);
        }

        foreach (var (name, set) in _sets)
        {
            set.Distrust();
            _touchedSets.Add(name);
        }
    }

    private void Declare(RulesPart part)
    {
        foreach (var set in part.Sets)
        {
            if (!_sets.TryGetValue(set.Name, out var state))
            {
                _sets[set.Name] = state = new SetState(set);
            }

            Same(state.Set, set);
            state.Uses++;
            _touchedSets.Add(set.Name);
        }

        foreach (var chain in part.Chains)
        {
            if (!_chains.TryGetValue(chain.Name, out var counted))
            {
                _chains[chain.Name] = counted = new Counted<NftChain>(chain);
            }

            Same(counted.Item, chain);
            counted.Uses++;
            _touchedChains.Add(chain.Name);
        }
    }

    private void Release(HeldPart part)
    {
        foreach (var set in part.Shape.Sets)
        {
            _sets[set].Uses--;
            _touchedSets.Add(set);
        }

        foreach (var chain in part.Shape.Chains)
        {
            _chains[chain].Uses--;
            _touchedChains.Add(chain);
        }

        if (--part.Shape.Uses == 0)
        {
            _shapes.Remove(part.Shape.Key);
        }
    }

    // Ten thousand Services name the same few chains and sets: which they are is kept once.
    private HeldPart Hold(RulesPart part)
    {
        var key = string.Join(' ', [.. part.Sets.Select(set => set.Name), "", .. part.Chains.Select(chain => chain.Name)]);
        if (!_shapes.TryGetValue(key, out var shape))
        {
            _shapes[key] = shape = new Shape(key, [.. part.Sets.Select(set => set.Name)], [.. part.Chains.Select(chain => chain.Name)]);
        }

        shape.Uses++;
        return new HeldPart(shape, [.. part.Elements]);
    }

    private sealed record HeldPart(Shape Shape, NftElement[] Elements);

    /// <summary>The sets and chains that a part names.</summary>
    private sealed class Shape(string key, string[] sets, string[] chains)
    {
        public string Key => key;

        public IReadOnlyList<string> Sets => sets;

        public IReadOnlyList<string> Chains => chains;

        public int Uses { get; set; }
    }

    private SetState Set(string name)
    {
        _touchedSets.Add(name);
        return _sets.TryGetValue(name, out var state) ? state : throw new InvalidOperationException($"no part declares the set {name}");
    }

    private void Forget()
    {
        foreach (var name in _touchedChains.Where(name => _chains[name].Uses == 0).ToList())
        {
            _chains.Remove(name);
        }

        foreach (var name in _touchedSets.Where(name => _sets[name].Uses == 0).ToList())
        {
            _sets.Remove(name);
        }

        _touchedChains.Clear();
        _touchedSets.Clear();
    }

    private static void Same<T>(T known, T said)
    {
        if (!Equals(known, said))
        {
            throw new InvalidOperationException($"two parts say different things by one name: {known} and {said}");
        }
    }
}
