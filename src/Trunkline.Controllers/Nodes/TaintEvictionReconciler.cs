using k8s.Models;
using Trunkline.Controllers.Client;
using Trunkline.Controllers.Informers;
using Trunkline.Controllers.Queues;

namespace Trunkline.Controllers.Nodes;

/// <summary>Deletes Pods that do not tolerate a NoExecute taint of their node, when their time is up.</summary>
internal sealed class TaintEvictionReconciler(Cluster cluster) : IReconciler
{
    private const string Component = "taint-eviction-controller";

    public string Name => "taint-eviction";

    public int Workers => 2;

    public IReadOnlyList<IInformer> Needs => [cluster.Nodes, cluster.Pods];

    public void Subscribe(WorkQueue queue)
    {
        cluster.Pods.Store.Changed += (_, pod) =>
        {
            if (pod is not null && !string.IsNullOrEmpty(pod.Spec.NodeName))
            {
                queue.Add(pod.Key());
            }
        };
        cluster.Nodes.Store.Changed += (old, node) =>
        {
            if (node is not null && (HasNoExecute(node) || (old is not null && HasNoExecute(old))))
            {
                foreach (var pod in cluster.Pods.Store.All.Where(p => p.Spec.NodeName == node.Metadata.Name))
                {
                    queue.Add(pod.Key());
                }
            }
        };
    }

    public async Task<TimeSpan?> ReconcileAsync(ObjectKey key, CancellationToken token)
    {
        if (!cluster.Pods.Store.TryGet(key, out var pod) || pod.IsDeleting() || string.IsNullOrEmpty(pod.Spec.NodeName)
            || !cluster.Nodes.Store.TryGet(new ObjectKey("", pod.Spec.NodeName), out var node))
        {
            return null;
        }

        var now = cluster.Time.GetUtcNow();
        if (TaintEviction.Deadline(pod, node.Spec?.Taints, now) is not { } deadline)
        {
            return null;
        }

        if (deadline > now)
        {
            return deadline - now;
        }

        cluster.Events.Normal(pod, Component, "TaintManagerEviction", $"Marking for deletion Pod {key}");
        await MarkDisruptedAsync(pod, token).ConfigureAwait(false);
        await cluster.DeleteAsync(cluster.Pods, pod, token).ConfigureAwait(false);
        return null;
    }

    private static bool HasNoExecute(V1Node node) => node.Spec?.Taints?.Any(t => t.Effect == "NoExecute") == true;

    private async Task MarkDisruptedAsync(V1Pod pod, CancellationToken token)
    {
        var copy = ClusterClient.Copy(pod);
        copy.Status ??= new V1PodStatus();
        copy.Status.Conditions = [.. (copy.Status.Conditions ?? []).Where(c => c.Type != "DisruptionTarget"), new V1PodCondition
        {
            Type = "DisruptionTarget",
            Status = "True",
            Reason = "DeletionByTaintManager",
            Message = "Taint manager: deleting due to NoExecute taint",
            LastTransitionTime = cluster.Now,
        }];
        await cluster.ReplaceStatusAsync(cluster.Pods, copy, token).ConfigureAwait(false);
    }
}
