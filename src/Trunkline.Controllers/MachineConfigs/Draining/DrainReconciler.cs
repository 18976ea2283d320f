using System.Text.Json.Nodes;
using k8s.Models;
using Trunkline.Controllers.Client;
using Trunkline.Controllers.Informers;
using Trunkline.Controllers.MachineConfigs.Models;
using Trunkline.Controllers.Queues;

namespace Trunkline.Controllers.MachineConfigs.Draining;

/// <summary>The operator's drain controller: cordons and empties a node when its daemon asks, and opens it again.</summary>
internal sealed class DrainReconciler(Cluster cluster) : IReconciler
{
    private const string Component = "machineconfigcontroller";

    private readonly Dictionary<string, (string Request, DateTimeOffset Since, bool Reported)> _ongoing = [];

    public string Name => "machine-config-drain";

    public int Workers => 1;

    public IReadOnlyList<IInformer> Needs => [cluster.Nodes, cluster.Pods];

    public void Subscribe(WorkQueue queue)
    {
        cluster.Nodes.Store.Changed += (_, now) =>
        {
            if (now is not null && DrainRequest.Of(now) is not null)
            {
                queue.Add(now.Key());
            }
        };
        // A Pod that went, and a budget that allows again, are what a drain waits for.
        cluster.Pods.Store.Changed += (old, now) =>
        {
            if (now is null || now.IsFinished())
            {
                AddDraining(queue, n => n.Metadata.Name == (now ?? old)!.Spec.NodeName);
            }
        };
        cluster.DisruptionBudgets.Store.Changed += (old, now) =>
        {
            if (now is null || now.Status?.DisruptionsAllowed > (old?.Status?.DisruptionsAllowed ?? 0))
            {
                AddDraining(queue, _ => true);
            }
        };
    }

    public async Task<TimeSpan?> ReconcileAsync(ObjectKey key, CancellationToken token)
    {
        if (!cluster.Nodes.Store.TryGet(key, out var node) || DrainRequest.Of(node) is not { } request)
        {
            _ongoing.Remove(key.Name);
            return null;
        }

        if (request.Verb == DrainRequest.Uncordon)
        {
            await SetCordonAsync(node, false, token).ConfigureAwait(false);
            cluster.Events.Normal(node, Component, "Uncordon", $"Node {key.Name} uncordoned: update to {request.Text["uncordon-".Length..]} is complete");
            await FinishAsync(node, request, token).ConfigureAwait(false);
            return null;
        }

        if (!_ongoing.TryGetValue(key.Name, out var ongoing) || ongoing.Request != request.Text)
        {
            _ongoing[key.Name] = (request.Text, cluster.Time.GetUtcNow(), false);
        }

        await SetCordonAsync(node, true, token).ConfigureAwait(false);
        return await DrainAsync(node, request, token).ConfigureAwait(false);
    }

    private void AddDraining(WorkQueue queue, Func<V1Node, bool> which)
    {
        foreach (var node in cluster.Nodes.Store.All.Where(n => which(n) && DrainRequest.Of(n)?.Verb == DrainRequest.Drain))
        {
            queue.Add(node.Key());
        }
    }

    private async Task<TimeSpan?> DrainAsync(V1Node node, DrainRequest request, CancellationToken token)
    {
        // The list is asked from the server: a Pod bound in the last moment before the cordon may not be in the store yet.
        var pods = await cluster.Client.ListAsync<V1Pod>(ResourceTypes.Pods, null, token).ConfigureAwait(false);
        var left = DrainFilter.PodsToEnd(node.Metadata.Name, pods.Items);
        if (left.Count == 0)
        {
            cluster.Events.Normal(node, Component, "Drain", $"Node {node.Metadata.Name} is drained");
            await FinishAsync(node, request, token).ConfigureAwait(false);
            return null;
        }

        await Task.WhenAll(left.Where(p => !p.IsDeleting()).Select(p => EvictAsync(node, p, token))).ConfigureAwait(false);
        ReportOverdue(node);
        return cluster.Options.EvictErrorRetryDelay;
    }

    private async Task EvictAsync(V1Node node, V1Pod pod, CancellationToken token)
    {
        var eviction = new V1Eviction
        {
            ApiVersion = "policy/v1",
            Kind = "Eviction",
            Metadata = new V1ObjectMeta { Name = pod.Metadata.Name, NamespaceProperty = pod.Metadata.NamespaceProperty },
            DeleteOptions = new V1DeleteOptions { Preconditions = new V1Preconditions { Uid = pod.Metadata.Uid } },
        };
        try
        {
            using var answer = await cluster.Client.Kubernetes.CoreV1.CreateNamespacedPodEvictionWithHttpMessagesAsync(
                eviction, pod.Metadata.Name, pod.Metadata.NamespaceProperty, cancellationToken: token).ConfigureAwait(false);
        }
        catch (Exception e) when (ApiErrors.IsTooManyRequests(e) || ApiErrors.IsNotFound(e) || ApiErrors.IsConflict(e))
        {
            // 429: its disruption budget protects it now. 404 and 409: it went, or another of that name came. All are looked at again.
            Log.Outrun(cluster.Logger, Name, pod.Key(), e.Message);
            if (ApiErrors.IsTooManyRequests(e))
            {
                // `kubectl drain`'s words; without them a roll-out that a budget holds up looks like one that hangs.
                cluster.Events.Warning(node, Component, "EvictionBlocked", $"error when evicting pods/\"{pod.Metadata.Name}\" -n \"{pod.Metadata.NamespaceProperty}\" "
                    + $"(will retry after {cluster.Options.EvictErrorRetryDelay.TotalSeconds:0.#}s): Cannot evict pod as it would violate the pod's disruption budget.");
            }
        }
    }

    private async Task SetCordonAsync(V1Node node, bool cordoned, CancellationToken token)
    {
        if (node.IsUnschedulable() == cordoned)
        {
            return;
        }

        var patch = new JsonObject { ["spec"] = new JsonObject { ["unschedulable"] = cordoned ? true : null } };
        await cluster.PatchAsync(cluster.Nodes, node.Key(), patch, token).ConfigureAwait(false);
        if (cordoned)
        {
            cluster.Events.Normal(node, Component, "Cordon", $"Cordoned node {node.Metadata.Name} to apply update");
        }

        Log.Node(cluster.Logger, node.Metadata.Name, cordoned ? "cordoned" : "uncordoned");
    }

    private async Task FinishAsync(V1Node node, DrainRequest request, CancellationToken token)
    {
        var annotations = new JsonObject { [MachineConfigNames.LastAppliedDrain] = request.Text };
        await cluster.PatchAsync(cluster.Nodes, node.Key(), new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = annotations } }, token)
            .ConfigureAwait(false);
        _ongoing.Remove(node.Metadata.Name);
    }

    private void ReportOverdue(V1Node node)
    {
        var ongoing = _ongoing[node.Metadata.Name];
        if (!ongoing.Reported && cluster.Time.GetUtcNow() - ongoing.Since > cluster.Options.DrainTimeout)
        {
            _ongoing[node.Metadata.Name] = ongoing with { Reported = true };
            cluster.Events.Warning(node, Component, "DrainFailed",
                $"node {node.Metadata.Name}: drain exceeded timeout: {cluster.Options.DrainTimeout}. Will continue to retry.");
        }
    }
}
