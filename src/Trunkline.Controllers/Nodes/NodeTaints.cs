using k8s.Models;
using Trunkline.Controllers.Client;

namespace Trunkline.Controllers.Nodes;

/// <summary>Taints that mirror conditions and spec.unschedulable (Kubernetes: "taint nodes by condition").</summary>
internal static class NodeTaints
{
    public const string NotReady = "node.kubernetes.io/not-ready";
    public const string Unreachable = "node.kubernetes.io/unreachable";
    public const string Unschedulable = "node.kubernetes.io/unschedulable";

    private static readonly (string Condition, string Key)[] _byCondition =
    [
        ("MemoryPressure", "node.kubernetes.io/memory-pressure"), ("DiskPressure", "node.kubernetes.io/disk-pressure"),
        ("PIDPressure", "node.kubernetes.io/pid-pressure"), ("NetworkUnavailable", "node.kubernetes.io/network-unavailable"),
    ];

    private static readonly string[] _owned = [NotReady, Unreachable, Unschedulable, .. _byCondition.Select(c => c.Key)];

    /// <summary>The taints that the node's state asks for, whether or not it has them yet.</summary>
    public static IEnumerable<V1Taint> FromState(V1Node node)
    {
        switch (node.Condition("Ready")?.Status)
        {
            case "True":
                break;
            case "Unknown":
                yield return Make(Unreachable, "NoSchedule");
                yield return Make(Unreachable, "NoExecute");
                break;
            default:
                yield return Make(NotReady, "NoSchedule");
                yield return Make(NotReady, "NoExecute");
                break;
        }

        if (node.IsUnschedulable())
        {
            yield return Make(Unschedulable, "NoSchedule");
        }

        foreach (var (condition, key) in _byCondition)
        {
            if (node.Condition(condition)?.Status == "True")
            {
                yield return Make(key, "NoSchedule");
            }
        }
    }

    /// <summary>The node's taints as they should be, or null when they are. Taints of others stay, and one that stays keeps its time.</summary>
    public static List<V1Taint>? Corrected(V1Node node, DateTime now)
    {
        var have = node.Spec?.Taints ?? [];
        var want = FromState(node).ToList();
        var kept = have.Where(t => !_owned.Contains(t.Key) || want.Any(w => w.Same(t))).ToList();
        var missing = want.Where(w => !have.Any(h => h.Same(w))).ToList();
        if (kept.Count == have.Count && missing.Count == 0)
        {
            return null;
        }

        missing.ForEach(t => t.TimeAdded = now);
        return [.. kept, .. missing];
    }

    private static V1Taint Make(string key, string effect) => new() { Key = key, Effect = effect };
}
