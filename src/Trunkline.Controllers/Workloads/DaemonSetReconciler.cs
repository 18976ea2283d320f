using k8s;
using k8s.Models;
using Trunkline.Controllers.Client;
using Trunkline.Controllers.Informers;
using Trunkline.Controllers.Queues;

namespace Trunkline.Controllers.Workloads;

/// <summary>Keeps one Pod of a DaemonSet on every node that fits.</summary>
internal sealed class DaemonSetReconciler(Cluster cluster) : IReconciler
{
    private const string Component = "daemonset-controller";

    private readonly OwnedPods _pods = new(cluster);

    public string Name => "daemonset";

    public int Workers => 2;

    public IReadOnlyList<IInformer> Needs => [cluster.DaemonSets, cluster.Pods, cluster.Nodes];

    public void Subscribe(WorkQueue queue)
    {
        cluster.DaemonSets.Store.Changed += (_, now) =>
        {
            if (now is not null)
            {
                queue.Add(now.Key());
            }
        };
        cluster.Pods.Store.Changed += (old, now) =>
        {
            if ((now ?? old)!.ControllerOwner() is { Kind: "DaemonSet" } owner)
            {
                queue.Add(new ObjectKey((now ?? old)!.Metadata.NamespaceProperty, owner.Name));
            }
        };
        cluster.Nodes.Store.Changed += (old, now) =>
        {
            if (old is null || now is null || Placement(old) != Placement(now))
            {
                foreach (var set in cluster.DaemonSets.Store.All)
                {
                    queue.Add(set.Key());
                }
            }
        };
    }

    public async Task<TimeSpan?> ReconcileAsync(ObjectKey key, CancellationToken token)
    {
        if (!cluster.DaemonSets.Store.TryGet(key, out var set) || set.IsDeleting())
        {
            return null;
        }

        var now = cluster.Time.GetUtcNow();
        var hash = TemplateHash.Of(set.Spec.Template);
        var nodes = cluster.Nodes.Store.All;
        var pods = await _pods.ClaimAsync(set, set.Spec.Selector, token).ConfigureAwait(false);
        var plan = DaemonPlan.Make(set, pods, nodes, hash, now);
        foreach (var pod in plan.Delete)
        {
            await cluster.DeleteAsync(cluster.Pods, pod, token).ConfigureAwait(false);
            cluster.Events.Normal(set, Component, "SuccessfulDelete", $"Deleted pod: {pod.Metadata.Name}");
        }

        foreach (var node in plan.Create)
        {
            var made = await cluster.CreateAsync(cluster.Pods, DaemonPlacement.PodFor(set, node, hash), token).ConfigureAwait(false);
            cluster.Events.Normal(set, Component, "SuccessfulCreate", $"Created pod: {made.Metadata.Name}");
        }

        await ReportAsync(set, DaemonPlan.Status(set, pods, nodes, hash, now), token).ConfigureAwait(false);
        return ReplicaMath.NextAvailable(pods, set.Spec.MinReadySeconds ?? 0, now);
    }

    private static string Placement(V1Node node) =>
        KubernetesJson.Serialize(node.Spec?.Taints ?? []) + KubernetesJson.Serialize(node.Metadata.Labels ?? new Dictionary<string, string>());

    private async Task ReportAsync(V1DaemonSet set, V1DaemonSetStatus status, CancellationToken token)
    {
        if (set.Status is null || KubernetesJson.Serialize(status) != KubernetesJson.Serialize(set.Status))
        {
            var copy = ClusterClient.Copy(set);
            copy.Status = status;
            await cluster.ReplaceStatusAsync(cluster.DaemonSets, copy, token).ConfigureAwait(false);
        }
    }
}
