using k8s.Models;

namespace Trunkline.Node.Agent.Watching;

/// <summary>The cluster's Services, for the environment variables of containers. A container waits for the first list: it cannot be told later.</summary>
internal sealed class ServiceCache : IWatchSink<V1Service>
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, V1Service> _services = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Synced => _synced.Task;

    public void Replace(IReadOnlyList<V1Service> items)
    {
        lock (_lock)
        {
            _services.Clear();
            foreach (var item in items)
            {
                _services[Key(item)] = Slim(item);
            }
        }

        _synced.TrySetResult();
    }

    public void Change(WatchChange change, V1Service item)
    {
        lock (_lock)
        {
            if (change == WatchChange.Deleted)
            {
                _services.Remove(Key(item));
            }
            else
            {
                _services[Key(item)] = Slim(item);
            }
        }
    }

    public IReadOnlyList<V1Service> Snapshot()
    {
        lock (_lock)
        {
            return [.. _services.Values];
        }
    }

    // What variables are made of, and no more: there may be ten thousand.
    private static V1Service Slim(V1Service item) => new()
    {
        Metadata = new V1ObjectMeta { NamespaceProperty = item.Metadata.NamespaceProperty, Name = item.Metadata.Name },
        Spec = new V1ServiceSpec { ClusterIP = item.Spec.ClusterIP, Ports = item.Spec.Ports },
    };

    private static string Key(V1Service item) => $"{item.Metadata.NamespaceProperty}/{item.Metadata.Name}";
}
