using k8s;
using k8s.Models;
using Trunkline.Controllers.Client;
using Trunkline.Controllers.Informers;
using Trunkline.Controllers.Queues;

namespace Trunkline.Controllers.Disruption;

/// <summary>Keeps the status of PodDisruptionBudgets, from which the API server decides on evictions.</summary>
internal sealed class DisruptionReconciler(Cluster cluster) : IReconciler
{
    private readonly ExpectedPods _expected = new(cluster);

    public string Name => "disruption";

    public int Workers => 1;

    public IReadOnlyList<IInformer> Needs => [cluster.DisruptionBudgets, cluster.Pods, cluster.ReplicaSets, cluster.Deployments];

    public void Subscribe(WorkQueue queue)
    {
        cluster.DisruptionBudgets.Store.Changed += (_, now) =>
        {
            if (now is not null)
            {
                queue.Add(now.Key());
            }
        };
        cluster.Pods.Store.Changed += (old, now) => AddWhere(queue, (now ?? old)!.Metadata.NamespaceProperty, b => Selects(b, now) || Selects(b, old));
        cluster.ReplicaSets.Store.Changed += (old, now) => AddWhere(queue, (now ?? old)!.Metadata.NamespaceProperty, _ => old?.Spec.Replicas != now?.Spec.Replicas);
        cluster.Deployments.Store.Changed += (old, now) => AddWhere(queue, (now ?? old)!.Metadata.NamespaceProperty, _ => old?.Spec.Replicas != now?.Spec.Replicas);
    }

    public async Task<TimeSpan?> ReconcileAsync(ObjectKey key, CancellationToken token)
    {
        if (!cluster.DisruptionBudgets.Store.TryGet(key, out var budget) || budget.IsDeleting())
        {
            return null;
        }

        var pods = cluster.Pods.Store.All.Where(p => p.Metadata.NamespaceProperty == key.Namespace && Selects(budget, p)).ToList();
        var (expected, failure) = DisruptionMath.NeedsControllers(budget.Spec)
            ? _expected.Count(pods)
            : (pods.Count(p => !p.IsFinished()), null);
        var status = DisruptionStatusBuilder.Build(budget, pods, expected, failure, cluster.Time.GetUtcNow());
        if (budget.Status is null || KubernetesJson.Serialize(status) != KubernetesJson.Serialize(budget.Status))
        {
            var copy = ClusterClient.Copy(budget);
            copy.Status = status;
            await cluster.ReplaceStatusAsync(cluster.DisruptionBudgets, copy, token).ConfigureAwait(false);
        }

        return status.DisruptedPods is null ? null : DisruptionStatusBuilder.DeletionTimeout;
    }

    private static bool Selects(V1PodDisruptionBudget budget, V1Pod? pod) =>
        pod is not null && LabelSelection.Matches(budget.Spec.Selector, pod.Metadata.Labels);

    private void AddWhere(WorkQueue queue, string home, Func<V1PodDisruptionBudget, bool> which)
    {
        foreach (var budget in cluster.DisruptionBudgets.Store.All.Where(b => b.Metadata.NamespaceProperty == home && which(b)))
        {
            queue.Add(budget.Key());
        }
    }
}
