using System.Collections.Concurrent;
using k8s;
using k8s.Models;
using Trunkline.Controllers.Client;
using Trunkline.Controllers.Informers;
using Trunkline.Controllers.Queues;

namespace Trunkline.Controllers.Scheduling;

/// <summary>Binds Pods to nodes. One worker: each decision sees the ones before it, also those not yet back from the watch.</summary>
internal sealed class SchedulerReconciler(Cluster cluster) : IReconciler
{
    private const string Component = "default-scheduler";

    private readonly ConcurrentDictionary<ObjectKey, (string Uid, string Node)> _assumed = new();

    public string Name => "scheduler";

    public int Workers => 1;

    public IReadOnlyList<IInformer> Needs => [cluster.Nodes, cluster.Pods, cluster.Namespaces];

    public void Subscribe(WorkQueue queue)
    {
        cluster.Pods.Store.Changed += (old, pod) =>
        {
            if (pod is not null && IsWaiting(pod))
            {
                queue.Add(pod.Key());
                return;
            }

            _assumed.TryRemove((pod ?? old)!.Key(), out _);
            if (old is not null && FreesRoom(old, pod))
            {
                AddWaiting(queue);
            }
        };
        cluster.Nodes.Store.Changed += (old, node) =>
        {
            if (node is not null && ChangesPlacement(old, node))
            {
                AddWaiting(queue);
            }
        };
    }

    public async Task<TimeSpan?> ReconcileAsync(ObjectKey key, CancellationToken token)
    {
        if (!cluster.Pods.Store.TryGet(key, out var pod) || !IsWaiting(pod) || (_assumed.TryGetValue(key, out var a) && a.Uid == pod.Metadata.Uid))
        {
            return null;
        }

        var decision = PodPlacement.Decide(pod, Snapshot());
        if (decision.Node is null)
        {
            await ReportAsync(pod, decision.Message!, token).ConfigureAwait(false);
            return null;
        }

        await BindAsync(pod, decision.Node, token).ConfigureAwait(false);
        return null;
    }

    private static bool IsWaiting(V1Pod pod) =>
        string.IsNullOrEmpty(pod.Spec.NodeName) && pod.IsActive() && (pod.Spec.SchedulerName is null or "" or "default-scheduler")
        && pod.Spec.SchedulingGates is not { Count: > 0 };

    private static bool FreesRoom(V1Pod old, V1Pod? now) => !string.IsNullOrEmpty(old.Spec.NodeName) && (now is null || (now.IsFinished() && !old.IsFinished()));

    /// <summary>Heartbeats change nodes all the time; only what a filter reads wakes the waiting Pods.</summary>
    private static bool ChangesPlacement(V1Node? old, V1Node node) =>
        old is null
        || old.IsReady() != node.IsReady()
        || old.IsUnschedulable() != node.IsUnschedulable()
        || KubernetesJson.Serialize(old.Spec?.Taints ?? []) != KubernetesJson.Serialize(node.Spec?.Taints ?? [])
        || KubernetesJson.Serialize(old.Metadata.Labels ?? new Dictionary<string, string>())
            != KubernetesJson.Serialize(node.Metadata.Labels ?? new Dictionary<string, string>())
        || PodRequests.From(old.Status?.Allocatable) != PodRequests.From(node.Status?.Allocatable);

    private void AddWaiting(WorkQueue queue)
    {
        foreach (var pod in cluster.Pods.Store.All.Where(IsWaiting))
        {
            queue.Add(pod.Key());
        }
    }

    private SchedulingSnapshot Snapshot()
    {
        var placed = cluster.Pods.Store.All
            .Select(p => (Pod: p, Node: string.IsNullOrEmpty(p.Spec.NodeName) ? Assumed(p) : p.Spec.NodeName))
            .Where(p => p.Node is not null)
            .Select(p => (p.Pod, p.Node!));
        return new SchedulingSnapshot(cluster.Nodes.Store.All, placed, name => cluster.Namespaces.Store.Get("", name)?.Metadata.Labels);
    }

    private string? Assumed(V1Pod pod) => _assumed.TryGetValue(pod.Key(), out var a) && a.Uid == pod.Metadata.Uid ? a.Node : null;

    private async Task BindAsync(V1Pod pod, string node, CancellationToken token)
    {
        var key = pod.Key();
        var binding = new V1Binding
        {
            ApiVersion = "v1",
            Kind = "Binding",
            Metadata = new V1ObjectMeta { Name = key.Name, NamespaceProperty = key.Namespace, Uid = pod.Metadata.Uid },
            Target = new V1ObjectReference { ApiVersion = "v1", Kind = "Node", Name = node },
        };
        _assumed[key] = (pod.Metadata.Uid, node);
        try
        {
            // The answer is a Status, not a Binding: only that it came matters.
            using var answer = await cluster.Client.Kubernetes.CoreV1.CreateNamespacedPodBindingWithHttpMessagesAsync(
                binding, key.Name, key.Namespace, cancellationToken: token).ConfigureAwait(false);
        }
        catch
        {
            _assumed.TryRemove(key, out _);
            throw;
        }

        cluster.Events.Normal(pod, Component, "Scheduled", $"Successfully assigned {key} to {node}");
    }

    private async Task ReportAsync(V1Pod pod, string message, CancellationToken token)
    {
        var before = pod.Condition("PodScheduled");
        if (before is { Status: "False", Reason: "Unschedulable" } && before.Message == message)
        {
            return;
        }

        cluster.Events.Warning(pod, Component, "FailedScheduling", message);
        var copy = ClusterClient.Copy(pod);
        copy.Status ??= new V1PodStatus();
        copy.Status.Conditions = [.. (copy.Status.Conditions ?? []).Where(c => c.Type != "PodScheduled"), new V1PodCondition
        {
            Type = "PodScheduled",
            Status = "False",
            Reason = "Unschedulable",
            Message = message,
            LastTransitionTime = before?.Status == "False" ? before.LastTransitionTime : cluster.Now,
        }];
        await cluster.ReplaceStatusAsync(cluster.Pods, copy, token).ConfigureAwait(false);
    }
}
