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

    public void Replace(Dictionary<string, TRecord> items)
    {
        _changed.UnionWith(_items.Keys);
        _changed.UnionWith(items.Keys);
        (_items, IsListed) = (items, true);
    }

    public void Set(string key, TRecord item)
    {
        _items[key] = item;
        _changed.Add(key);
    }

    public void Remove(string key)
    {
        _items.Remove(key);
        _changed.Add(key);
    }

    /// <summary>What is known of it elsewhere changed.</summary>
    public void Touch(string key) => _changed.Add(key);

    /// <summary>Somebody who knows nothing is going to ask.</summary>
    public void ChangeAll() => _changed.UnionWith(_items.Keys);

    /// <summary>What changed has been told.</summary>
    public void Settle() => _changed.Clear();
}
