using k8s;
using k8s.Models;
using Trunkline.Node.Agent.Watching;

namespace Trunkline.Node.Network.Cluster;

/// <summary>Keeps, of the objects a watch brings, the facts; under the view's lock.</summary>
internal sealed class StoreSink<TObject, TRecord>(Store<TRecord> store, Func<TObject, TRecord> read, Lock gate, Action changed) : IWatchSink<TObject>
    where TObject : IKubernetesObject<V1ObjectMeta>
    where TRecord : class
{
    public void Replace(IReadOnlyList<TObject> items)
    {
        var records = new Dictionary<string, TRecord>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            records[Key(item)] = read(item);
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
                store.Remove(Key(item));
            }
            else
            {
                store.Set(Key(item), read(item));
            }
        }

        changed();
    }

    private static string Key(TObject item) => $"{item.Metadata.NamespaceProperty}/{item.Metadata.Name}";
}
