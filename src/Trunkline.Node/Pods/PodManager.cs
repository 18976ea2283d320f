using System.Net;
using k8s.Models;
using Trunkline.Node.Agent.Watching;
using Trunkline.Node.Pods.Admission;
using Trunkline.Node.Pods.State;

namespace Trunkline.Node.Pods;

/// <summary>This node's Pods: takes them from the watch, hands each to a worker, and finds again what an earlier agent left.</summary>
internal sealed class PodManager : IWatchSink<V1Pod>, IDisposable
{
    private readonly PodTools _tools;
    private readonly Func<V1Node?> _node;
    private readonly string _bootId;
    private readonly FileSystemWatcher _exits;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, PodWorker> _workers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PodRecord> _found = new(StringComparer.Ordinal);
    private readonly List<Task> _running = [];
    private readonly CancellationToken _stopping;

    public PodManager(PodTools tools, PodAddresses addresses, string bootId, Func<V1Node?> node, CancellationToken stopping)
    {
        _tools = tools;
        _bootId = bootId;
        _node = node;
        _stopping = stopping;
        foreach (var record in tools.Store.LoadAll())
        {
            Recall(record, addresses);
        }

        foreach (var remnant in tools.Store.Remnants().ToArray())
        {
            tools.Volumes.Release(remnant);
            Forget(remnant);
        }

        Directory.CreateDirectory(tools.Paths.Exits);
        _exits = new FileSystemWatcher(tools.Paths.Exits);
        _exits.Created += OnExit;
        _exits.Renamed += OnExit;
        _exits.EnableRaisingEvents = true;
    }

    public void Dispose() => _exits.Dispose();

    public void Replace(IReadOnlyList<V1Pod> items)
    {
        var present = items.Select(pod => pod.Metadata.Uid).ToHashSet(StringComparer.Ordinal);
        foreach (var pod in items.OrderBy(pod => pod.Metadata.CreationTimestamp))
        {
            Change(WatchChange.Stored, pod);
        }

        PodWorker[] gone;
        PodRecord[] orphans;
        lock (_lock)
        {
            gone = [.. _workers.Where(pair => !present.Contains(pair.Key)).Select(pair => pair.Value)];
            orphans = [.. _found.Where(pair => !present.Contains(pair.Key)).Select(pair => pair.Value)];
            _found.Clear();
        }

        foreach (var worker in gone)
        {
            worker.Remove();
        }

        foreach (var orphan in orphans)
        {
            Start(Orphan(orphan), orphan).Remove();
        }
    }

    public void Change(WatchChange change, V1Pod item)
    {
        var worker = Find(item.Metadata.Uid);
        if (change == WatchChange.Deleted)
        {
            worker?.Remove();
            return;
        }

        if (worker is not null)
        {
            worker.Update(item);
        }
        else
        {
            Start(item, RecordFor(item));
        }
    }

    public PodWorker? Find(string podNamespace, string name)
    {
        lock (_lock)
        {
            return _workers.Values.FirstOrDefault(worker => worker.Record.Namespace == podNamespace && worker.Record.Name == name);
        }
    }

    public IReadOnlyList<V1Pod> Pods()
    {
        lock (_lock)
        {
            return [.. _workers.Values.Select(worker => worker.Pod)];
        }
    }

    /// <summary>Completes when every worker has put its work down, after the agent was told to stop.</summary>
    public Task StoppedAsync()
    {
        lock (_lock)
        {
            return Task.WhenAll(_running);
        }
    }

    private PodWorker? Find(string uid)
    {
        lock (_lock)
        {
            return _workers.GetValueOrDefault(uid);
        }
    }

    private void Recall(PodRecord record, PodAddresses addresses)
    {
        if (record.BootId != _bootId)
        {
            Rebooted(record);
        }

        if (record is { SandboxReady: true, HostNetwork: false, Ip: not null })
        {
            record.HoldsAddresses = addresses.TryReserve([.. record.Ips.Select(IPAddress.Parse)]);
        }

        if (record is { SandboxReady: true, HostNetwork: false, Ip: not null, HoldsAddresses: false })
        {
            // Another range, or an address twice: the Pod gets a new one with a new sandbox.
            PodLog.Failed(_tools.Logger, null, $"{record.Namespace}/{record.Name}", $"its address {string.Join(" or ", record.Ips)} is not this node's any more");
            record.SandboxReady = false;
            record.SetIps([]);
        }

        _found[record.Uid] = record;
    }

    // Nothing of it runs any more: what ran ended with the boot, and nobody knows how.
    private void Rebooted(PodRecord record)
    {
        const int Unknown = 255;
        record.BootId = _bootId;
        record.SandboxReady = false;
        record.SetIps([]);
        foreach (var container in record.Containers.Values)
        {
            if (container.Phase == ContainerPhase.Running)
            {
                container.Phase = ContainerPhase.Exited;
                container.Ended = new Termination(container.Id, Unknown, "Unknown", "The node was rebooted", container.StartedAt,
                    _tools.Time.GetUtcNow().UtcDateTime);
            }
            else if (container.Phase == ContainerPhase.Creating)
            {
                container.Phase = ContainerPhase.Waiting;
            }
        }

        _tools.Store.Save(record);
    }

    private PodRecord RecordFor(V1Pod pod)
    {
        lock (_lock)
        {
            if (_found.Remove(pod.Metadata.Uid, out var found))
            {
                return found;
            }
        }

        var record = new PodRecord
        {
            Uid = pod.Metadata.Uid,
            Namespace = pod.Metadata.NamespaceProperty,
            Name = pod.Metadata.Name,
            BootId = _bootId,
            StartTime = pod.Status?.StartTime ?? _tools.Time.GetUtcNow().UtcDateTime,
            HostNetwork = pod.Spec.HostNetwork == true,
        };
        if (pod.Status?.Phase is "Succeeded" or "Failed")
        {
            // Ended in an earlier life of this node whose records are lost; it must not run again.
            record.Finished = true;
        }
        else if (pod.Metadata.DeletionTimestamp is null && _node() is { } node && PodAdmission.Refuse(pod, [.. Others()], node) is { } refusal)
        {
            (record.RefusedReason, record.RefusedMessage) = refusal;
            _tools.Events.ForPod(pod, "Warning", refusal.Reason, refusal.Message);
        }

        _tools.Store.Save(record);
        return record;
    }

    private IEnumerable<V1Pod> Others()
    {
        lock (_lock)
        {
            return [.. _workers.Values.Where(worker => !worker.Record.Finished && worker.Record.RefusedReason is null).Select(worker => worker.Pod)];
        }
    }

    private PodWorker Start(V1Pod pod, PodRecord record)
    {
        var worker = new PodWorker(pod, record, _tools);
        lock (_lock)
        {
            _workers[record.Uid] = worker;
            _running.RemoveAll(task => task.IsCompletedSuccessfully);
            _running.Add(Task.Run(() => RunAsync(worker), CancellationToken.None));
        }

        return worker;
    }

    private async Task RunAsync(PodWorker worker)
    {
        await worker.RunAsync(_stopping);
        worker.Dispose();
        if (!_stopping.IsCancellationRequested)
        {
            lock (_lock)
            {
                _workers.Remove(worker.Record.Uid);
            }
        }
    }

    private void OnExit(object sender, FileSystemEventArgs change)
    {
        // Whose it was is for the workers to find: their records are theirs alone, and a look costs each of them microseconds.
        lock (_lock)
        {
            foreach (var worker in _workers.Values)
            {
                worker.Poke();
            }
        }
    }

    private void Forget(string uid)
    {
        foreach (var directory in Directory.Exists(Path.Join(_tools.Paths.PodDirectory(uid), "containers"))
            ? Directory.GetDirectories(Path.Join(_tools.Paths.PodDirectory(uid), "containers")) : [])
        {
            Runtime.ContainerRoot.Remove(directory);
        }

        _tools.Store.Delete(uid);
    }

    // Deleted while no agent ran: all that is known of it is what was written down, which is enough to end it.
    private static V1Pod Orphan(PodRecord record) => new()
    {
        Metadata = new V1ObjectMeta { Name = record.Name, NamespaceProperty = record.Namespace, Uid = record.Uid },
        Spec = new V1PodSpec { Containers = [.. record.Containers.Keys.Select(name => new V1Container { Name = name, Image = "" })] },
    };
}
