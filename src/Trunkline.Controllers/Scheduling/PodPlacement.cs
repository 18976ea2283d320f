using k8s.Models;
using Trunkline.Controllers.Client;

namespace Trunkline.Controllers.Scheduling;

/// <summary>Chooses a node for a Pod.</summary>
internal static class PodPlacement
{
    public static SchedulingDecision Decide(V1Pod pod, SchedulingSnapshot snapshot)
    {
        if (snapshot.Nodes.Count == 0)
        {
            return new SchedulingDecision(null, "no nodes available to schedule pods");
        }

        var judged = snapshot.Nodes.Select(n => (Node: n, Reasons: NodeFilters.Reasons(pod, n, snapshot))).ToList();
        var fitting = judged.Where(j => j.Reasons.Count == 0).Select(j => j.Node).ToList();
        return fitting.Count > 0
            ? new SchedulingDecision(Best(pod, fitting, snapshot).Metadata.Name, null)
            : new SchedulingDecision(null, Explain(judged.ConvertAll(j => j.Reasons)));
    }

    /// <summary>Fewest soft taints, most preferred by affinity, fewest Pods of the same owner, fewest Pods; then by name, so that a run can be repeated.</summary>
    private static V1Node Best(V1Pod pod, List<V1Node> fitting, SchedulingSnapshot snapshot)
    {
        var owner = pod.ControllerOwner()?.Uid;
        return fitting
            .OrderBy(n => (n.Spec?.Taints ?? []).Count(t => t.Effect == "PreferNoSchedule" && !t.ToleratedBy(pod.Spec.Tolerations)))
            .ThenByDescending(n => NodeAffinity.PreferredWeight(pod.Spec, n))
            .ThenBy(n => owner is null ? 0 : snapshot.PodsOn(n).Count(p => p.ControllerOwner()?.Uid == owner))
            .ThenBy(n => snapshot.PodsOn(n).Count)
            .ThenBy(n => n.Metadata.Name, StringComparer.Ordinal)
            .First();
    }

    /// <summary>kube-scheduler's FitError: reasons with their counts in order of their text, then what preemption could do.</summary>
    private static string Explain(List<IReadOnlyList<string>> reasons)
    {
        var total = reasons.Count;
        var helpless = reasons.Count(r => !r.All(SchedulingReasons.IsResolvable));
        var preemption = new List<string>();
        Note(preemption, total - helpless, "No preemption victims found for incoming pod");
        Note(preemption, helpless, "Preemption is not helpful for scheduling");
        return $"0/{total} nodes are available: {Histogram(reasons.SelectMany(r => r))}. "
            + $"preemption: 0/{total} nodes are available: {string.Join(", ", preemption.Order(StringComparer.Ordinal))}.";
    }

    private static void Note(List<string> to, int count, string text)
    {
        if (count > 0)
        {
            to.Add($"{count} {text}");
        }
    }

    private static string Histogram(IEnumerable<string> reasons) =>
        string.Join(", ", reasons.GroupBy(r => r).Select(g => $"{g.Count()} {g.Key}").Order(StringComparer.Ordinal));
}
