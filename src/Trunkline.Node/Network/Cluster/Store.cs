namespace Trunkline.Node.Network.Cluster;

/// <summary>The facts kept of one kind, by namespace and name.</summary>
internal sealed class Store<TRecord>
    where TRecord : class
{
    private Dictionary<string, TRecord> _items = new(StringComparer.Ordinal);

    /// <summary>Whether a first list has arrived.</summary>
    public bool IsListed { get; private set; }

    public IReadOnlyCollection<TRecord> Items => _items.Values;

    public void Replace(Dictionary<string, TRecord> items) => (_items, IsListed) = (items, true);

    public void Set(string key, TRecord item) => _items[key] = item;

    public void Remove(string key) => _items.Remove(key);
}
