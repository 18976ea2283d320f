using k8s.Models;
using Trunkline.Node.Agent.Watching;

namespace Trunkline.Node.Pods.Variables;

/// <summary>The cluster's Services, for the environment variables of containers. A container waits for the first list: it cannot be told later.</summary>
internal sealed class ServiceCache : IWatchSink<V1Service>
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Namespace, string Name), AnnouncedService> _services = [];
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Synced => _synced.Task;

    public void Replace(IReadOnlyList<V1Service> items)
    {
        lock (_lock)
        {
            _services.Clear();
            foreach (var item in items)
            {
                Put(item);
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
                Put(item);
            }
        }
    }

    public IReadOnlyList<AnnouncedService> Snapshot()
    {
        lock (_lock)
        {
            return [.. _services.Values];
        }
    }

    private void Put(V1Service item)
    {
        if (AnnouncedService.Of(item) is { } announced)
        {
            _services[(announced.Namespace, announced.Name)] = announced;
        }
        else
        {
            _services.Remove(Key(item));
        }
    }

    private static (string, string) Key(V1Service item) => (item.Metadata.NamespaceProperty ?? "", item.Metadata.Name ?? "");
}
