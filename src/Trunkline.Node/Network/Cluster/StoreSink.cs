using k8s;
using k8s.Models;
using Trunkline.Node.Agent.Watching;

namespace Trunkline.Node.Network.Cluster;

/// <summary>Keeps, of the objects a watch brings, the facts; under the view's lock.</summary>
internal sealed class StoreSink<TObject, TRecord>(Store<TRecord> store, Func<TObject, string> key, Func<TObject, TRecord> read, Lock gate, Action changed) : IWatchSink<TObject>
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

        lock (gate)
        {
            store.Replace(records);
        }

        changed();
    }

    public void Change(WatchChange change, TObject item)
    {
        lock (gate)
        {
            if (change == WatchChange.Deleted)
            {
                store.Remove(key(item));
            }
            else
            {
                store.Set(key(item), read(item));
            }
        }

        changed();
    }
}
