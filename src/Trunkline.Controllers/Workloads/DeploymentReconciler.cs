using System.Globalization;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Trunkline.Controllers.Client;
using Trunkline.Controllers.Informers;
using Trunkline.Controllers.Queues;

namespace Trunkline.Controllers.Workloads;

/// <summary>Rolls a Deployment's Pods from one template to the next by scaling ReplicaSets.</summary>
internal sealed class DeploymentReconciler(Cluster cluster) : IReconciler
{
    private const string Component = "deployment-controller";
    private const string HashLabel = "pod-template-hash";
    private const string Revision = "deployment.kubernetes.io/revision";

    public string Name => "deployment";

    public int Workers => 2;

    public IReadOnlyList<IInformer> Needs => [cluster.Deployments, cluster.ReplicaSets, cluster.Pods];

    public void Subscribe(WorkQueue queue)
    {
        cluster.Deployments.Store.Changed += (_, now) =>
        {
            if (now is not null)
            {
                queue.Add(now.Key());
            }
        };
        cluster.ReplicaSets.Store.Changed += (old, now) =>
        {
            if ((now ?? old)!.ControllerOwner() is { Kind: "Deployment" } owner)
            {
                queue.Add(new ObjectKey((now ?? old)!.Metadata.NamespaceProperty, owner.Name));
            }
        };
    }

    public async Task<TimeSpan?> ReconcileAsync(ObjectKey key, CancellationToken token)
    {
        if (!cluster.Deployments.Store.TryGet(key, out var deployment) || deployment.IsDeleting())
        {
            return null;
        }

        var (newest, old) = Sets(deployment);
        if (deployment.Spec.Paused != true)
        {
            if (newest is null && !(deployment.Spec.Strategy?.Type == "Recreate" && StillRuns(old)))
            {
                newest = await CreateSetAsync(deployment, old, token).ConfigureAwait(false);
            }

            await RollAsync(deployment, newest, old, token).ConfigureAwait(false);
            await CleanAsync(deployment, newest, old, token).ConfigureAwait(false);
        }
        else if (newest is not null && (newest.Spec.Replicas ?? 0) != (deployment.Spec.Replicas ?? 1) && !old.Any(s => s.Spec.Replicas > 0))
        {
            // A paused Deployment still scales, it only does not roll.
            await ScaleAsync(deployment, newest, deployment.Spec.Replicas ?? 1, token).ConfigureAwait(false);
        }

        return await ReportAsync(key, token).ConfigureAwait(false);
    }

    private (V1ReplicaSet? Newest, List<V1ReplicaSet> Old) Sets(V1Deployment deployment)
    {
        var all = cluster.ReplicaSets.Store.All.Where(s => s.ControllerOwner()?.Uid == deployment.Metadata.Uid).ToList();
        var hash = TemplateHash.Of(deployment.Spec.Template);
        var newest = all.FirstOrDefault(s => s.Label(HashLabel) == hash);
        return (newest, [.. all.Where(s => s != newest && !s.IsDeleting())]);
    }

    private bool StillRuns(IEnumerable<V1ReplicaSet> sets)
    {
        var uids = sets.Select(s => s.Metadata.Uid).ToHashSet();
        return cluster.Pods.Store.All.Any(p => !p.IsFinished() && p.ControllerOwner() is { } o && uids.Contains(o.Uid));
    }

    private async Task<V1ReplicaSet> CreateSetAsync(V1Deployment deployment, List<V1ReplicaSet> old, CancellationToken token)
    {
        var hash = TemplateHash.Of(deployment.Spec.Template);
        var template = KubernetesJson.Deserialize<V1PodTemplateSpec>(KubernetesJson.Serialize(deployment.Spec.Template));
        template.Metadata ??= new V1ObjectMeta();
        template.Metadata.Labels = new Dictionary<string, string>(template.Metadata.Labels ?? new Dictionary<string, string>()) { [HashLabel] = hash };
        var selector = KubernetesJson.Deserialize<V1LabelSelector>(KubernetesJson.Serialize(deployment.Spec.Selector));
        selector.MatchLabels = new Dictionary<string, string>(selector.MatchLabels ?? new Dictionary<string, string>()) { [HashLabel] = hash };
        var set = new V1ReplicaSet
        {
            Metadata = new V1ObjectMeta
            {
                Name = $"{deployment.Metadata.Name}-{hash}",
                NamespaceProperty = deployment.Metadata.NamespaceProperty,
                Labels = template.Metadata.Labels,
                Annotations = new Dictionary<string, string> { [Revision] = NextRevision(old) },
                OwnerReferences = [deployment.AsOwner()],
            },
            Spec = new V1ReplicaSetSpec { Replicas = 0, Selector = selector, Template = template, MinReadySeconds = deployment.Spec.MinReadySeconds },
        };
        set.Spec.Replicas = RolloutPlan.NewReplicas(deployment.Spec, set, old);
        var made = await cluster.CreateAsync(cluster.ReplicaSets, set, token).ConfigureAwait(false);
        if (made.Spec.Replicas is > 0)
        {
            Announce(deployment, "up", made.Metadata.Name, 0, made.Spec.Replicas.Value);
        }

        await SetRevisionAsync(deployment, made, token).ConfigureAwait(false);
        return made;
    }

    private static string NextRevision(IEnumerable<V1ReplicaSet> sets) =>
        (sets.Select(RevisionOf).DefaultIfEmpty(0).Max() + 1).ToString(CultureInfo.InvariantCulture);

    private static long RevisionOf(V1ReplicaSet set) => long.TryParse(set.Annotation(Revision), out var n) ? n : 0;

    private async Task SetRevisionAsync(V1Deployment deployment, V1ReplicaSet set, CancellationToken token)
    {
        if (deployment.Annotation(Revision) != set.Annotation(Revision))
        {
            var patch = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [Revision] = set.Annotation(Revision) } } };
            await cluster.PatchAsync(cluster.Deployments, deployment.Key(), patch, token).ConfigureAwait(false);
        }
    }

    private async Task RollAsync(V1Deployment deployment, V1ReplicaSet? newest, List<V1ReplicaSet> old, CancellationToken token)
    {
        if (newest is not null)
        {
            if (old.Any(s => RevisionOf(s) > RevisionOf(newest)))
            {
                // Rolled back: the old template is the newest again.
                var patch = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [Revision] = NextRevision(old) } } };
                newest = await cluster.PatchAsync(cluster.ReplicaSets, newest.Key(), patch, token).ConfigureAwait(false);
                await SetRevisionAsync(deployment, newest, token).ConfigureAwait(false);
            }

            newest = await ScaleAsync(deployment, newest, RolloutPlan.NewReplicas(deployment.Spec, newest, old), token).ConfigureAwait(false);
        }

        foreach (var (set, replicas) in RolloutPlan.OldReplicas(deployment.Spec, newest ?? new V1ReplicaSet { Spec = new V1ReplicaSetSpec { Replicas = 0 } }, old))
        {
            await ScaleAsync(deployment, set, replicas, token).ConfigureAwait(false);
        }
    }

    private async Task<V1ReplicaSet> ScaleAsync(V1Deployment deployment, V1ReplicaSet set, int replicas, CancellationToken token)
    {
        var before = set.Spec.Replicas ?? 0;
        if (before == replicas)
        {
            return set;
        }

        var patch = new JsonObject { ["spec"] = new JsonObject { ["replicas"] = replicas } };
        var made = await cluster.PatchAsync(cluster.ReplicaSets, set.Key(), patch, token).ConfigureAwait(false);
        Announce(deployment, replicas > before ? "up" : "down", set.Metadata.Name, before, replicas);
        return made;
    }

    private void Announce(V1Deployment deployment, string way, string set, int from, int to) =>
        cluster.Events.Normal(deployment, Component, "ScalingReplicaSet", $"Scaled {way} replica set {set} from {from} to {to}");

    /// <summary>Keeps revisionHistoryLimit (10) empty old sets to roll back to.</summary>
    private async Task CleanAsync(V1Deployment deployment, V1ReplicaSet? newest, List<V1ReplicaSet> old, CancellationToken token)
    {
        var complete = newest is not null && newest.Status?.AvailableReplicas == deployment.Spec.Replicas;
        var empty = old.Where(s => (s.Spec.Replicas ?? 0) == 0 && (s.Status?.Replicas ?? 0) == 0).OrderByDescending(RevisionOf).ToList();
        foreach (var set in complete ? empty.Skip(deployment.Spec.RevisionHistoryLimit ?? 10) : [])
        {
            await cluster.DeleteAsync(cluster.ReplicaSets, set, token).ConfigureAwait(false);
        }
    }

    private async Task<TimeSpan?> ReportAsync(ObjectKey key, CancellationToken token)
    {
        if (!cluster.Deployments.Store.TryGet(key, out var deployment))
        {
            return null;
        }

        var (newest, old) = Sets(deployment);
        var status = DeploymentStatusBuilder.Build(deployment, newest, newest is null ? old : [newest, .. old], cluster.Now);
        if (KubernetesJson.Serialize(Timeless(status)) != KubernetesJson.Serialize(Timeless(deployment.Status ?? new V1DeploymentStatus())))
        {
            var copy = ClusterClient.Copy(deployment);
            copy.Status = status;
            await cluster.ReplaceStatusAsync(cluster.Deployments, copy, token).ConfigureAwait(false);
        }

        var progressing = status.Conditions.FirstOrDefault(c => c.Type == "Progressing" && c.Status == "True");
        var left = progressing is null ? TimeSpan.MaxValue : DeploymentStatusBuilder.Overdue(deployment, progressing, cluster.Now);
        return left == TimeSpan.MaxValue || left <= TimeSpan.Zero ? null : left + TimeSpan.FromSeconds(1);
    }

    /// <summary>A condition that only got a newer time is no reason to write.</summary>
    private static V1DeploymentStatus Timeless(V1DeploymentStatus status)
    {
        var copy = KubernetesJson.Deserialize<V1DeploymentStatus>(KubernetesJson.Serialize(status));
        foreach (var condition in copy.Conditions ?? [])
        {
            condition.LastUpdateTime = null;
        }

        return copy;
    }
}
