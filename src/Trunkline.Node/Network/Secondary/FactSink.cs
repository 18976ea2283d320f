using k8s;
using k8s.Models;
using Trunkline.Node.Agent.Watching;

namespace Trunkline.Node.Network.Secondary;

/// <summary>Keeps what matters of the objects a watch brings, by namespace and name, and says when something of that changed; null is what does not matter.</summary>
internal sealed class FactSink<TObject, TFact>(Func<TObject, TFact?> read, Action changed) : IWatchSink<TObject>
    where TObject : IKubernetesObject<V1ObjectMeta>
    where TFact : class
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _listed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Dictionary<string, TFact> _items = new(StringComparer.Ordinal);

    public Task Listed => _listed.Task;

    public IReadOnlyDictionary<string, TFact> Items
    {
        get
        {
            lock (_lock)
            {
                return new Dictionary<string, TFact>(_items, StringComparer.Ordinal);
            }
        }
    }

    public void Replace(IReadOnlyList<TObject> items)
    {
        var fresh = new Dictionary<string, TFact>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            if (read(item) is { } fact)
            {
                fresh[Key(item)] = fact;
            }
        }

        lock (_lock)
        {
            _items = fresh;
        }

        _listed.TrySetResult();
        changed();
    }

    public void Change(WatchChange change, TObject item)
    {
        var fact = change == WatchChange.Deleted ? null : read(item);
        lock (_lock)
        {
            if (fact is null)
            {
                if (!_items.Remove(Key(item)))
                {
                    return; // most Pods of a cluster are on no such network
                }
            }
            else
            {
                _items[Key(item)] = fact;
            }
        }

        changed();
    }

    private static string Key(TObject item) => $"{item.Metadata.NamespaceProperty}/{item.Metadata.Name}";
}
