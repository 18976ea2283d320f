using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Trunkline.Controllers.Client;
using Trunkline.Controllers.Informers;
using Trunkline.Controllers.Queues;

namespace Trunkline.Controllers.Nodes;

/// <summary>Finds nodes that fell silent, and keeps conditions, taints and the readiness of their Pods in step.</summary>
internal sealed class NodeLifecycleReconciler(Cluster cluster) : IReconciler
{
    private const string Component = "node-controller";
    private const string LeaseNamespace = "kube-node-lease";

    private readonly Dictionary<string, NodeHealth> _health = [];

    public string Name => "node-lifecycle";

    // One: the observations are one table, and each step is a few milliseconds.
    public int Workers => 1;

    public IReadOnlyList<IInformer> Needs => [cluster.Nodes, cluster.Leases, cluster.Pods];

    public void Subscribe(WorkQueue queue)
    {
        cluster.Nodes.Store.Changed += (old, now) => queue.Add((now ?? old)!.Key());
        cluster.Leases.Store.Changed += (old, now) =>
        {
            if ((now ?? old)!.Metadata.NamespaceProperty == LeaseNamespace)
            {
                queue.Add(new ObjectKey("", (now ?? old)!.Metadata.Name));
            }
        };
    }

    public async Task<TimeSpan?> ReconcileAsync(ObjectKey key, CancellationToken token)
    {
        if (!cluster.Nodes.Store.TryGet(key, out var node))
        {
            _health.Remove(key.Name);
            return null;
        }

        var now = cluster.Time.GetUtcNow();
        var health = NodeHealth.Observe(_health.GetValueOrDefault(key.Name), node, cluster.Leases.Store.Get(LeaseNamespace, key.Name), now);
        _health[key.Name] = health;
        var remaining = health.Remaining(node, cluster.Options, now);
        if (remaining <= TimeSpan.Zero && NodeConditions.Unknown(node, cluster.Now) is { } unknown)
        {
            node = await WriteConditionsAsync(node, unknown, token).ConfigureAwait(false);
        }

        node = await CorrectTaintsAsync(node, token).ConfigureAwait(false);
        if (node.Condition("Ready")?.Status == "Unknown")
        {
            await MarkPodsNotReadyAsync(node, token).ConfigureAwait(false);
        }

        return remaining > TimeSpan.Zero ? remaining : null;
    }

    private async Task<V1Node> WriteConditionsAsync(V1Node node, List<V1NodeCondition> conditions, CancellationToken token)
    {
        var copy = ClusterClient.Copy(node);
        copy.Status ??= new V1NodeStatus();
        copy.Status.Conditions = conditions;
        var written = await cluster.ReplaceStatusAsync(cluster.Nodes, copy, token).ConfigureAwait(false);
        cluster.Events.Normal(node, Component, "NodeNotReady", $"Node {node.Metadata.Name} status is now: NodeNotReady");
        Log.Node(cluster.Logger, node.Metadata.Name, "stopped posting its status");
        return written;
    }

    private async Task<V1Node> CorrectTaintsAsync(V1Node node, CancellationToken token)
    {
        if (NodeTaints.Corrected(node, cluster.Now) is not { } taints)
        {
            return node;
        }

        var patch = new JsonObject
        {
            // The list is written whole: somebody else's taint added meanwhile must not be lost.
            ["metadata"] = new JsonObject { ["resourceVersion"] = node.Metadata.ResourceVersion },
            ["spec"] = new JsonObject { ["taints"] = JsonNode.Parse(KubernetesJson.Serialize(taints)) },
        };
        return await cluster.PatchAsync(cluster.Nodes, node.Key(), patch, token).ConfigureAwait(false);
    }

    /// <summary>
    /// Nobody on the node can say that its Pods do not answer: take them out of the endpoints (MarkPodsNotReady). Kubernetes does so for a node that
    /// says itself that it is not ready, too; here such an agent is believed about its Pods: one that restarts must not cut off what still runs.
    /// </summary>
    private async Task MarkPodsNotReadyAsync(V1Node node, CancellationToken token)
    {
        foreach (var pod in cluster.Pods.Store.All.Where(p => p.Spec.NodeName == node.Metadata.Name && p.IsReady()))
        {
            var copy = ClusterClient.Copy(pod);
            var ready = copy.Condition("Ready")!;
            ready.Status = "False";
            ready.LastTransitionTime = cluster.Now;
            try
            {
                await cluster.ReplaceStatusAsync(cluster.Pods, copy, token).ConfigureAwait(false);
                cluster.Events.Warning(pod, Component, "NodeNotReady", "Node is not ready");
            }
            catch (Exception e) when (ApiErrors.IsNotFound(e))
            {
                // It ended meanwhile, which is what was to be said of it.
                Log.Outrun(cluster.Logger, Name, pod.Key(), e.Message);
            }
        }
    }
}
