using k8s.Models;
using Trunkline.Controllers.Client;
using Trunkline.Controllers.MachineConfigs.Models;

namespace Trunkline.Controllers.MachineConfigs.Pools;

/// <summary>What the operator's node controller asks about a node.</summary>
internal static class PoolNode
{
    public static string? Current(this V1Node node) => node.Annotation(MachineConfigNames.CurrentConfig);

    public static string? Desired(this V1Node node) => node.Annotation(MachineConfigNames.DesiredConfig);

    public static string? State(this V1Node node) => node.Annotation(MachineConfigNames.State);

    /// <summary>The daemon runs what it was told to, and says so.</summary>
    public static bool IsDone(this V1Node node) =>
        !string.IsNullOrEmpty(node.Current()) && node.Current() == node.Desired() && node.State() == MachineConfigNames.StateDone;

    public static bool IsDoneAt(this V1Node node, string target) => node.IsDone() && node.Current() == target;

    /// <summary>Takes work: Ready, no network trouble, not cordoned.</summary>
    public static bool TakesWork(this V1Node node) =>
        node.IsReady() && !node.IsUnschedulable() && node.Condition("NetworkUnavailable")?.Status != "True" && node.Condition("DiskPressure")?.Status != "True";

    public static bool IsDegraded(this V1Node node) => node.State() is MachineConfigNames.StateDegraded or MachineConfigNames.StateUnreconcilable;

    /// <summary>A daemon stuck on the way to something: it can safely be sent elsewhere.</summary>
    public static bool IsFailing(this V1Node node) => node.Current() != node.Desired() && node.IsDegraded();

    /// <summary>Counts against maxUnavailable: cordoned, not ready, or on its way.</summary>
    public static bool IsUnavailable(this V1Node node) => !node.TakesWork() || (!node.IsDone() && !node.IsFailing());

    /// <summary>Masters belong to master; others to the custom pool that selects them, else to worker. More than one custom pool: to none.</summary>
    public static string? PrimaryPool(V1Node node, IEnumerable<MachineConfigPool> pools)
    {
        var selecting = pools.Where(p => LabelSelection.Matches(p.Spec.NodeSelector, node.Metadata.Labels)).Select(p => p.Metadata.Name).ToList();
        var custom = selecting.Where(n => n is not ("master" or "worker")).ToList();
        return selecting.Contains("master") ? "master"
            : custom.Count > 1 ? null
            : custom.Count == 1 ? custom[0]
            : selecting.FirstOrDefault();
    }
}
