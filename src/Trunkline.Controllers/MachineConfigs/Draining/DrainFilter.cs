using k8s.Models;
using Trunkline.Controllers.Client;

namespace Trunkline.Controllers.MachineConfigs.Draining;

/// <summary>Which Pods a drain ends: all but those of DaemonSets, which would come back, and mirror Pods, which are the node's own.</summary>
internal static class DrainFilter
{
    public static IReadOnlyList<V1Pod> PodsToEnd(string node, IEnumerable<V1Pod> pods) =>
        [.. pods.Where(p => p.Spec.NodeName == node && !p.IsMirror() && p.ControllerOwner()?.Kind != "DaemonSet")];
}
