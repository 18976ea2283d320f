using k8s;
using k8s.Models;
using Trunkline.Node.Agent.Watching;

namespace Trunkline.Node.Network.Cluster;

/// <summary>Keeps, of the objects a watch brings, the facts; under the view's lock. What says the same as before is told to nobody.</summary>
internal sealed class StoreSink<TObject, TRecord>(
    Store<TRecord> store, Func<TObject, string> key, Func<TObject, TRecord> read, Lock gate, Action changed, WatchProgress? progress = null) : IWatchSink<TObject>
    where TObject : IKubernetesObject<V1ObjectMeta>
    where TRecord : class
{
    public void Replace(IReadOnlyList<TObject> items)
    {
        var records = new Dictionary<string, TRecord>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            records[key(item)] = read(item);
        }

        bool isOther;
        lock (gate)
        {
            isOther = store.Replace(records);
        }

        progress?.Replaced(items, key);
        Tell(isOther);
    }

    public void Change(WatchChange change, TObject item)
    {
        var (name, isThere) = (key(item), change != WatchChange.Deleted);
        bool isOther;
        lock (gate)
        {
            isOther = isThere ? store.Set(name, read(item)) : store.Remove(name);
        }

        // Only now: who sees how far the watch has come finds the facts in the store.
        progress?.Changed(name, item.Metadata.ResourceVersion, isThere);
        Tell(isOther);
    }

    private void Tell(bool isOther)
    {
        if (isOther)
        {
            changed();
        }
    }
}
