using k8s.Models;
using Trunkline.Controllers.Client;

namespace Trunkline.Controllers.Workloads;

/// <summary>A DaemonSet, its Pods and the nodes in; which Pods to make and to delete out.</summary>
internal sealed record DaemonPlan(IReadOnlyList<string> Create, IReadOnlyList<V1Pod> Delete)
{
    public static DaemonPlan Make(V1DaemonSet set, IReadOnlyList<V1Pod> pods, IReadOnlyList<V1Node> nodes, string hash, DateTimeOffset now)
    {
        var create = new List<string>();
        var delete = new List<V1Pod>();
        var byNode = pods.GroupBy(p => DaemonPlacement.NodeOf(p) ?? "").ToDictionary(g => g.Key, g => g.OrderBy(p => p.Metadata.CreationTimestamp).ToList());
        foreach (var node in nodes.OrderBy(n => n.Metadata.Name, StringComparer.Ordinal))
        {
            var (run, stay) = DaemonPlacement.Decide(set, node);
            var here = byNode.TryGetValue(node.Metadata.Name, out var list) ? list : [];
            byNode.Remove(node.Metadata.Name);
            var live = here.Where(p => p.IsActive()).ToList();
            delete.AddRange(here.Where(p => p.IsFinished() && !p.IsDeleting()));
            if (!stay)
            {
                delete.AddRange(live);
            }
            else if (live.Count > 1)
            {
                delete.AddRange(live.Skip(1));
            }
            else if (run && live.Count == 0 && !here.Any(p => p.IsDeleting()))
            {
                create.Add(node.Metadata.Name);
            }
        }

        // Pods of nodes that are gone.
        delete.AddRange(byNode.Values.SelectMany(p => p).Where(p => !p.IsDeleting()));
        delete.AddRange(Outdated(set, pods, nodes, hash, now).Where(p => !delete.Contains(p)));
        return new DaemonPlan(create, delete);
    }

    /// <summary>RollingUpdate: old Pods go, those that do not work first, as long as no more than maxUnavailable (1) nodes are without.</summary>
    private static IEnumerable<V1Pod> Outdated(V1DaemonSet set, IReadOnlyList<V1Pod> pods, IReadOnlyList<V1Node> nodes, string hash, DateTimeOffset now)
    {
        if (set.Spec.UpdateStrategy?.Type == "OnDelete")
        {
            return [];
        }

        var wanted = nodes.Count(n => DaemonPlacement.Decide(set, n).Run);
        var available = pods.Count(p => IsAvailable(set, p, now));
        var limit = Math.Max(1, RolloutPlan.Resolve(set.Spec.UpdateStrategy?.RollingUpdate?.MaxUnavailable ?? "1", wanted, true));
        var old = pods.Where(p => p.IsActive() && p.Label("controller-revision-hash") != hash).ToList();
        var broken = old.Where(p => !IsAvailable(set, p, now));
        var working = old.Where(p => IsAvailable(set, p, now)).OrderBy(p => p.Metadata.Name, StringComparer.Ordinal);
        return [.. broken, .. working.Take(Math.Max(0, limit - Math.Max(0, wanted - available)))];
    }

    private static bool IsAvailable(V1DaemonSet set, V1Pod pod, DateTimeOffset now) =>
        pod.IsActive() && pod.UntilAvailable(set.Spec.MinReadySeconds ?? 0, now) == TimeSpan.Zero;

    public static V1DaemonSetStatus Status(V1DaemonSet set, IReadOnlyList<V1Pod> pods, IReadOnlyList<V1Node> nodes, string hash, DateTimeOffset now)
    {
        var wanted = nodes.Where(n => DaemonPlacement.Decide(set, n).Run).Select(n => n.Metadata.Name).ToHashSet();
        var live = pods.Where(p => p.IsActive() && DaemonPlacement.NodeOf(p) is not null)
            .GroupBy(p => DaemonPlacement.NodeOf(p)!).ToDictionary(g => g.Key, g => g.OrderBy(p => p.Metadata.CreationTimestamp).First());
        var placed = live.Where(p => wanted.Contains(p.Key)).Select(p => p.Value).ToList();
        var available = placed.Count(p => IsAvailable(set, p, now));
        return new V1DaemonSetStatus
        {
            ObservedGeneration = set.Metadata.Generation,
            DesiredNumberScheduled = wanted.Count,
            CurrentNumberScheduled = placed.Count,
            NumberMisscheduled = live.Keys.Count(n => !wanted.Contains(n)),
            NumberReady = placed.Count(p => p.IsReady()),
            NumberAvailable = available == 0 ? null : available,
            NumberUnavailable = wanted.Count == available ? null : wanted.Count - available,
            UpdatedNumberScheduled = placed.Count(p => p.Label("controller-revision-hash") == hash) is > 0 and var updated ? updated : null,
            CollisionCount = set.Status?.CollisionCount,
        };
    }
}
