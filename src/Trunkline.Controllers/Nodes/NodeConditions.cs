using k8s.Models;

namespace Trunkline.Controllers.Nodes;

/// <summary>What a silent node's status becomes.</summary>
internal static class NodeConditions
{
    private static readonly string[] _kubelets = ["Ready", "MemoryPressure", "DiskPressure", "PIDPressure"];

    /// <summary>The conditions of a node that was not heard of, or null when they say so already.</summary>
    public static List<V1NodeCondition>? Unknown(V1Node node, DateTime now)
    {
        var conditions = (node.Status?.Conditions ?? []).ToList();
        var changed = false;
        foreach (var type in _kubelets)
        {
            var at = conditions.FindIndex(c => c.Type == type);
            if (at < 0)
            {
                conditions.Add(Make(type, "NodeStatusNeverUpdated", "Kubelet never posted node status.", node.Metadata.CreationTimestamp, now));
                changed = true;
            }
            else if (conditions[at].Status != "Unknown")
            {
                conditions[at] = Make(type, "NodeStatusUnknown", "Kubelet stopped posting node status.", conditions[at].LastHeartbeatTime, now);
                changed = true;
            }
        }

        return changed ? conditions : null;
    }

    private static V1NodeCondition Make(string type, string reason, string message, DateTime? heard, DateTime now) => new()
    {
        Type = type,
        Status = "Unknown",
        Reason = reason,
        Message = message,
        LastHeartbeatTime = heard,
        LastTransitionTime = now,
    };
}
