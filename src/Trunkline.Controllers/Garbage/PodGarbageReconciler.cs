using k8s.Models;
using Trunkline.Controllers.Client;
using Trunkline.Controllers.Informers;
using Trunkline.Controllers.Queues;

namespace Trunkline.Controllers.Garbage;

/// <summary>Deletes Pods that nobody will end: those of a node that is gone, and those deleted before they had a node.</summary>
internal sealed class PodGarbageReconciler(Cluster cluster) : IReconciler
{
    private readonly Dictionary<string, DateTimeOffset> _missing = [];

    public string Name => "pod-garbage-collector";

    public int Workers => 1;

    public IReadOnlyList<IInformer> Needs => [cluster.Nodes, cluster.Pods];

    public void Subscribe(WorkQueue queue)
    {
        cluster.Pods.Store.Changed += (old, now) =>
        {
            if (now is not null && (old is null || old.Spec.NodeName != now.Spec.NodeName || old.IsDeleting() != now.IsDeleting()))
            {
                queue.Add(now.Key());
            }
        };
        cluster.Nodes.Store.Changed += (old, now) =>
        {
            if (now is null)
            {
                foreach (var pod in cluster.Pods.Store.All.Where(p => p.Spec.NodeName == old!.Metadata.Name))
                {
                    queue.Add(pod.Key());
                }
            }
        };
    }

    public async Task<TimeSpan?> ReconcileAsync(ObjectKey key, CancellationToken token)
    {
        if (!cluster.Pods.Store.TryGet(key, out var pod))
        {
            return null;
        }

        if (string.IsNullOrEmpty(pod.Spec.NodeName))
        {
            if (pod.IsDeleting())
            {
                await EndAsync(pod, token).ConfigureAwait(false);
            }

            return null;
        }

        return await CheckNodeAsync(pod, token).ConfigureAwait(false);
    }

    private async Task<TimeSpan?> CheckNodeAsync(V1Pod pod, CancellationToken token)
    {
        var node = pod.Spec.NodeName;
        if (cluster.Nodes.Store.Get("", node) is not null)
        {
            _missing.Remove(node);
            return null;
        }

        var now = cluster.Time.GetUtcNow();
        if (_missing.TryAdd(node, now))
        {
            return cluster.Options.OrphanedPodQuarantine;
        }

        var left = _missing[node] + cluster.Options.OrphanedPodQuarantine - now;
        if (left > TimeSpan.Zero)
        {
            return left;
        }

        if (!await ExistsAsync(node, token).ConfigureAwait(false))
        {
            await EndAsync(pod, token).ConfigureAwait(false);
        }

        return null;
    }

    private async Task<bool> ExistsAsync(string node, CancellationToken token)
    {
        try
        {
            await cluster.Client.GetAsync<V1Node>(ResourceTypes.Nodes, new ObjectKey("", node), token).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (ApiErrors.IsNotFound(e))
        {
            return false;
        }
    }

    /// <summary>No kubelet will confirm its end: no grace.</summary>
    private Task EndAsync(V1Pod pod, CancellationToken token) =>
        cluster.Client.DeleteAsync(ResourceTypes.Pods, pod.Key(), pod.Metadata.Uid, token, gracePeriodSeconds: 0);
}
