using k8s.Models;
using Trunkline.Controllers.Client;

namespace Trunkline.Controllers.Workloads;

internal static class ReplicaMath
{
    /// <summary>Which Pods go first when there are too many: without a node, not running, not ready, then the youngest (controller.ActivePods).</summary>
    public static IEnumerable<V1Pod> VictimsFirst(IEnumerable<V1Pod> pods) =>
        pods.OrderByDescending(p => string.IsNullOrEmpty(p.Spec.NodeName))
            .ThenBy(p => p.Status?.Phase switch { "Pending" => 0, "Running" => 2, _ => 1 })
            .ThenBy(p => p.IsReady())
            .ThenByDescending(p => p.Metadata.CreationTimestamp)
            .ThenBy(p => p.Metadata.Name, StringComparer.Ordinal);

    public static V1ReplicaSetStatus Status(V1ReplicaSet set, IReadOnlyList<V1Pod> active, DateTimeOffset now)
    {
        var template = set.Spec.Template.Metadata?.Labels ?? new Dictionary<string, string>();
        return new V1ReplicaSetStatus
        {
            Replicas = active.Count,
            FullyLabeledReplicas = active.Count(p => template.All(l => p.Label(l.Key) == l.Value)),
            ReadyReplicas = active.Count(p => p.IsReady()),
            AvailableReplicas = active.Count(p => p.UntilAvailable(set.Spec.MinReadySeconds ?? 0, now) == TimeSpan.Zero),
            ObservedGeneration = set.Metadata.Generation,
            Conditions = set.Status?.Conditions,
        };
    }

    /// <summary>When the next Pod becomes available by mere waiting.</summary>
    public static TimeSpan? NextAvailable(IEnumerable<V1Pod> pods, int minReadySeconds, DateTimeOffset now) =>
        pods.Select(p => p.UntilAvailable(minReadySeconds, now)).Where(t => t > TimeSpan.Zero).Min();
}
