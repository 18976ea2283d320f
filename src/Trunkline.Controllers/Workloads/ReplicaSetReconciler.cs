using k8s;
using k8s.Models;
using Trunkline.Controllers.Client;
using Trunkline.Controllers.Informers;
using Trunkline.Controllers.Queues;

namespace Trunkline.Controllers.Workloads;

/// <summary>Keeps as many Pods of a template as a ReplicaSet says.</summary>
internal sealed class ReplicaSetReconciler(Cluster cluster) : IReconciler
{
    private const string Component = "replicaset-controller";

    // One sync makes at most so many; a wrong template should not fill the cluster (controller.BurstReplicas).
    private const int Burst = 500;

    private readonly OwnedPods _pods = new(cluster);

    public string Name => "replicaset";

    public int Workers => 2;

    public IReadOnlyList<IInformer> Needs => [cluster.ReplicaSets, cluster.Pods];

    public void Subscribe(WorkQueue queue)
    {
        cluster.ReplicaSets.Store.Changed += (_, now) =>
        {
            if (now is not null)
            {
                queue.Add(now.Key());
            }
        };
        cluster.Pods.Store.Changed += (old, now) =>
        {
            foreach (var pod in new[] { old, now }.OfType<V1Pod>())
            {
                if (pod.ControllerOwner() is { Kind: "ReplicaSet" } owner)
                {
                    queue.Add(new ObjectKey(pod.Metadata.NamespaceProperty, owner.Name));
                }
                else if (pod.ControllerOwner() is null)
                {
                    AddMatching(queue, pod);
                }
            }
        };
    }

    public async Task<TimeSpan?> ReconcileAsync(ObjectKey key, CancellationToken token)
    {
        if (!cluster.ReplicaSets.Store.TryGet(key, out var set))
        {
            return null;
        }

        var claimed = await _pods.ClaimAsync(set, set.Spec.Selector, token).ConfigureAwait(false);
        var active = claimed.Where(p => p.IsActive()).ToList();
        if (!set.IsDeleting())
        {
            await ScaleAsync(set, active, token).ConfigureAwait(false);
        }

        var now = cluster.Time.GetUtcNow();
        var status = ReplicaMath.Status(set, active, now);
        if (KubernetesJson.Serialize(status) != KubernetesJson.Serialize(set.Status ?? new V1ReplicaSetStatus()))
        {
            var copy = ClusterClient.Copy(set);
            copy.Status = status;
            await cluster.ReplaceStatusAsync(cluster.ReplicaSets, copy, token).ConfigureAwait(false);
        }

        return ReplicaMath.NextAvailable(active, set.Spec.MinReadySeconds ?? 0, now);
    }

    private void AddMatching(WorkQueue queue, V1Pod pod)
    {
        foreach (var set in cluster.ReplicaSets.Store.All.Where(s =>
            s.Metadata.NamespaceProperty == pod.Metadata.NamespaceProperty && LabelSelection.Matches(s.Spec.Selector, pod.Metadata.Labels)))
        {
            queue.Add(set.Key());
        }
    }

    private async Task ScaleAsync(V1ReplicaSet set, List<V1Pod> active, CancellationToken token)
    {
        var difference = (set.Spec.Replicas ?? 1) - active.Count;
        for (var i = 0; i < Math.Min(difference, Burst); i++)
        {
            var made = await cluster.CreateAsync(cluster.Pods, PodFactory.From(set.Spec.Template, set), token).ConfigureAwait(false);
            cluster.Events.Normal(set, Component, "SuccessfulCreate", $"Created pod: {made.Metadata.Name}");
        }

        foreach (var victim in ReplicaMath.VictimsFirst(active).Take(Math.Clamp(-difference, 0, Burst)).ToList())
        {
            await cluster.DeleteAsync(cluster.Pods, victim, token).ConfigureAwait(false);
            cluster.Events.Normal(set, Component, "SuccessfulDelete", $"Deleted pod: {victim.Metadata.Name}");
        }
    }
}
