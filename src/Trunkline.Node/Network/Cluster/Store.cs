namespace Trunkline.Node.Network.Cluster;

/// <summary>The facts kept of one kind, by key, and which of them changed since somebody last asked.</summary>
internal sealed class Store<TRecord>
    where TRecord : class
{
    private readonly HashSet<string> _changed = new(StringComparer.Ordinal);
    private Dictionary<string, TRecord> _items = new(StringComparer.Ordinal);

    /// <summary>Whether a first list has arrived.</summary>
    public bool IsListed { get; private set; }

    public IReadOnlyDictionary<string, TRecord> Items => _items;

    /// <summary>Keys that changed since the last <see cref="Settle"/>.</summary>
    public IReadOnlyCollection<string> Changed => _changed;

    /// <summary>Whether anything is other than before: what says the same again (a node's status every few seconds) is no change.</summary>
    public bool Replace(Dictionary<string, TRecord> items)
    {
        var isFirst = !IsListed;
        var before = _items;
        (_items, IsListed) = (items, true);
        var changed = before.Keys.Where(key => !items.ContainsKey(key)).ToList();
        foreach (var (key, item) in items.ToList())
        {
            if (before.TryGetValue(key, out var known) && SameFacts.Of(known, item))
            {
                items[key] = known;
            }
            else
            {
                changed.Add(key);
            }
        }

        _changed.UnionWith(changed);
        return isFirst || changed.Count > 0;
    }

    /// <summary>Whether it is other than before.</summary>
    public bool Set(string key, TRecord item)
    {
        if (_items.TryGetValue(key, out var known) && SameFacts.Of(known, item))
        {
            return false;
        }

        _items[key] = item;
        _changed.Add(key);
        return true;
    }

    public bool Remove(string key)
    {
        if (!_items.Remove(key))
        {
            return false;
        }

        _changed.Add(key);
        return true;
    }

    /// <summary>What is known of it elsewhere changed.</summary>
    public void Touch(string key) => _changed.Add(key);

    /// <summary>Somebody who knows nothing is going to ask.</summary>
    public void ChangeAll() => _changed.UnionWith(_items.Keys);

    /// <summary>What changed has been told.</summary>
    public void Settle() => _changed.Clear();
}
