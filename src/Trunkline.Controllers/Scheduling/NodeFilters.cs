using k8s.Models;
using Trunkline.Controllers.Client;
using Trunkline.Controllers.Nodes;

namespace Trunkline.Controllers.Scheduling;

/// <summary>Whether a Pod may run on a node. In the order of kube-scheduler's filter plugins: the first that says no gives the reasons.</summary>
internal static class NodeFilters
{
    private const string UnschedulableTaint = NodeTaints.Unschedulable;

    public static IReadOnlyList<string> Reasons(V1Pod pod, V1Node node, SchedulingSnapshot snapshot)
    {
        if (Unschedulable(pod, node))
        {
            return [SchedulingReasons.Unschedulable];
        }

        if (UntoleratedTaint(pod, node) is { } taint)
        {
            return [SchedulingReasons.Taint(taint.Key, taint.Value)];
        }

        if (!NodeAffinity.Required(pod.Spec, node))
        {
            return [SchedulingReasons.NodeAffinity];
        }

        var neighbours = snapshot.PodsOn(node);
        if (PortsConflict(pod, neighbours))
        {
            return [SchedulingReasons.Ports];
        }

        var room = MissingRoom(pod, node, neighbours);
        if (room.Count > 0)
        {
            return room;
        }

        return PodAffinity.Violation(pod, node, snapshot) is { } violation ? [violation] : [];
    }

    /// <summary>
    /// Taints the node has, and those that its conditions ask for: between a node's registration and the lifecycle controller's write there
    /// must be no moment in which Pods are sent to it (a real API server adds not-ready at admission).
    /// </summary>
    public static V1Taint? UntoleratedTaint(V1Pod pod, V1Node node) =>
        (node.Spec?.Taints ?? []).Concat(NodeTaints.FromState(node))
            .FirstOrDefault(t => t.Effect is "NoSchedule" or "NoExecute" && !t.ToleratedBy(pod.Spec.Tolerations));

    private static bool Unschedulable(V1Pod pod, V1Node node) =>
        node.IsUnschedulable() && !new V1Taint { Key = UnschedulableTaint, Effect = "NoSchedule" }.ToleratedBy(pod.Spec.Tolerations);

    private static List<string> MissingRoom(V1Pod pod, V1Node node, IReadOnlyList<V1Pod> neighbours)
    {
        var reasons = new List<string>();
        var allocatable = node.Status?.Allocatable ?? node.Status?.Capacity;
        var limit = allocatable is not null && allocatable.TryGetValue("pods", out var pods) ? pods.ToDecimal() : 110;
        if (neighbours.Count + 1 > limit)
        {
            reasons.Add(SchedulingReasons.TooManyPods);
        }

        var wants = PodRequests.Of(pod);
        if (allocatable is null || wants == PodRequests.Zero)
        {
            return reasons;
        }

        var has = PodRequests.From(allocatable);
        var used = neighbours.Aggregate(PodRequests.Zero, (sum, p) => sum + PodRequests.Of(p));
        if (wants.MilliCpu > 0 && wants.MilliCpu > has.MilliCpu - used.MilliCpu)
        {
            reasons.Add(SchedulingReasons.Cpu);
        }

        if (wants.Memory > 0 && wants.Memory > has.Memory - used.Memory)
        {
            reasons.Add(SchedulingReasons.Memory);
        }

        return reasons;
    }

    private static bool PortsConflict(V1Pod pod, IReadOnlyList<V1Pod> neighbours)
    {
        var wants = HostPorts(pod).ToList();
        return wants.Count > 0 && neighbours.SelectMany(HostPorts).Any(taken => wants.Any(w => Conflict(w, taken)));
    }

    private static bool Conflict((string Protocol, string Ip, int Port) a, (string Protocol, string Ip, int Port) b) =>
        a.Port == b.Port && a.Protocol == b.Protocol && (a.Ip == b.Ip || a.Ip == "0.0.0.0" || b.Ip == "0.0.0.0");

    private static IEnumerable<(string Protocol, string Ip, int Port)> HostPorts(V1Pod pod) =>
        pod.Spec.Containers.SelectMany(c => c.Ports ?? []).Where(p => p.HostPort is > 0)
            .Select(p => (p.Protocol ?? "TCP", string.IsNullOrEmpty(p.HostIP) ? "0.0.0.0" : p.HostIP, p.HostPort!.Value));
}
