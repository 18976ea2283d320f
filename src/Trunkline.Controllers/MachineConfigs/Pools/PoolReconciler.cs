using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Trunkline.Controllers.Client;
using Trunkline.Controllers.Informers;
using Trunkline.Controllers.MachineConfigs.Models;
using Trunkline.Controllers.Queues;

namespace Trunkline.Controllers.MachineConfigs.Pools;

/// <summary>The operator's node controller: sends a pool's nodes to its configuration, so many at a time, and reports how far they are.</summary>
internal sealed class PoolReconciler(Cluster cluster) : IReconciler
{
    private const string Component = "machineconfigcontroller-nodecontroller";

    public string Name => "machine-config-pool";

    // One: who is unavailable is counted across the whole pool.
    public int Workers => 1;

    public IReadOnlyList<IInformer> Needs => [cluster.MachineConfigPools, cluster.Nodes];

    public void Subscribe(WorkQueue queue)
    {
        cluster.MachineConfigPools.Store.Changed += (_, now) =>
        {
            if (now is not null)
            {
                queue.Add(now.Key());
            }
        };
        cluster.Nodes.Store.Changed += (old, now) =>
        {
            if (old is null || now is null || Concerns(old, now))
            {
                foreach (var pool in cluster.MachineConfigPools.Store.All)
                {
                    queue.Add(pool.Key());
                }
            }
        };
    }

    public async Task<TimeSpan?> ReconcileAsync(ObjectKey key, CancellationToken token)
    {
        if (!cluster.MachineConfigPools.Store.TryGet(key, out var pool) || pool.IsDeleting() || string.IsNullOrEmpty(pool.Spec.Configuration?.Name))
        {
            return null;
        }

        var nodes = await AdoptAsync(pool, token).ConfigureAwait(false);
        if (pool.Spec.Paused != true)
        {
            foreach (var node in nodes)
            {
                await CorrectTaintAsync(node, node.Desired() != pool.Spec.Configuration.Name, token).ConfigureAwait(false);
            }

            foreach (var node in PoolCapacity.Next(pool, Members(pool)))
            {
                await TargetAsync(pool, node, token).ConfigureAwait(false);
            }
        }

        await ReportAsync(pool, token).ConfigureAwait(false);
        return null;
    }

    private static bool Concerns(V1Node old, V1Node now) =>
        old.TakesWork() != now.TakesWork()
        || old.Current() != now.Current() || old.Desired() != now.Desired() || old.State() != now.State()
        || old.Annotation(MachineConfigNames.Reason) != now.Annotation(MachineConfigNames.Reason)
        || KubernetesJson.Serialize(old.Spec?.Taints ?? []) != KubernetesJson.Serialize(now.Spec?.Taints ?? [])
        || KubernetesJson.Serialize(old.Metadata.Labels ?? new Dictionary<string, string>())
            != KubernetesJson.Serialize(now.Metadata.Labels ?? new Dictionary<string, string>());

    private List<V1Node> Members(MachineConfigPool pool)
    {
        var pools = cluster.MachineConfigPools.Store.All;
        return [.. cluster.Nodes.Store.All.Where(n => PoolNode.PrimaryPool(n, pools) == pool.Metadata.Name)];
    }

    /// <summary>
    /// A node that was never configured starts at the pool's configuration: nothing runs on it that a roll-out would have to spare. A real one has
    /// both annotations from the machine config server that ignited it. The daemon adds its state.
    /// </summary>
    private async Task<List<V1Node>> AdoptAsync(MachineConfigPool pool, CancellationToken token)
    {
        foreach (var node in Members(pool).Where(n => string.IsNullOrEmpty(n.Desired())))
        {
            var annotations = new JsonObject { [MachineConfigNames.DesiredConfig] = pool.Spec.Configuration!.Name };
            if (string.IsNullOrEmpty(node.Current()))
            {
                annotations[MachineConfigNames.CurrentConfig] = pool.Spec.Configuration.Name;
            }

            await AnnotateAsync(node, annotations, token).ConfigureAwait(false);
        }

        return Members(pool);
    }

    private async Task TargetAsync(MachineConfigPool pool, V1Node node, CancellationToken token)
    {
        var target = pool.Spec.Configuration!.Name!;
        await AnnotateAsync(node, new JsonObject { [MachineConfigNames.DesiredConfig] = target }, token).ConfigureAwait(false);
        cluster.Events.Normal(pool, Component, "SetDesiredConfig", $"Targeted node {node.Metadata.Name} to MachineConfig: {target}");
        Log.Pool(cluster.Logger, pool.Metadata.Name, $"node {node.Metadata.Name} targets {target}");
    }

    private Task<V1Node> AnnotateAsync(V1Node node, JsonObject annotations, CancellationToken token) =>
        cluster.PatchAsync(cluster.Nodes, node.Key(), new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = annotations } }, token);

    /// <summary>Nodes yet to be updated are the worse choice for Pods that are drained from others: they would move twice. Goes when its turn has come.</summary>
    private async Task CorrectTaintAsync(V1Node node, bool wanted, CancellationToken token)
    {
        var taints = node.Spec?.Taints ?? [];
        if (taints.Any(IsInProgress) == wanted)
        {
            return;
        }

        IEnumerable<V1Taint> corrected = wanted
            ? [.. taints, new V1Taint { Key = MachineConfigNames.UpdateInProgressTaint, Effect = "PreferNoSchedule" }]
            : taints.Where(t => !IsInProgress(t));
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject { ["resourceVersion"] = node.Metadata.ResourceVersion },
            ["spec"] = new JsonObject { ["taints"] = JsonNode.Parse(KubernetesJson.Serialize(corrected.ToList())) },
        };
        await cluster.PatchAsync(cluster.Nodes, node.Key(), patch, token).ConfigureAwait(false);
    }

    private static bool IsInProgress(V1Taint taint) => taint.Key == MachineConfigNames.UpdateInProgressTaint;

    private async Task ReportAsync(MachineConfigPool pool, CancellationToken token)
    {
        var status = PoolStatusBuilder.Build(pool, Members(pool), cluster.Now);
        if (KubernetesJson.Serialize(status) == KubernetesJson.Serialize(pool.Status ?? new MachineConfigPoolStatus()))
        {
            return;
        }

        var copy = ClusterClient.Copy(pool);
        copy.Status = status;
        await cluster.ReplaceStatusAsync(cluster.MachineConfigPools, copy, token).ConfigureAwait(false);
        Announce(pool, pool.Status?.Conditions ?? [], status.Conditions);
    }

    private void Announce(MachineConfigPool pool, IEnumerable<PoolCondition> before, IEnumerable<PoolCondition> after)
    {
        var target = pool.Spec.Configuration!.Name;
        if (!PoolConditions.IsTrue(before, "Updating") && PoolConditions.IsTrue(after, "Updating"))
        {
            cluster.Events.Normal(pool, Component, "Updating", $"Pool {pool.Metadata.Name} now targeting {target}");
        }
        else if (PoolConditions.IsTrue(before, "Updating") && PoolConditions.IsTrue(after, "Updated"))
        {
            cluster.Events.Normal(pool, Component, "Completed", $"Pool {pool.Metadata.Name} has completed update to {target}");
        }
    }
}
