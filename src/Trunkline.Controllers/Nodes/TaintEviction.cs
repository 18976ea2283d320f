using k8s.Models;
using Trunkline.Controllers.Client;

namespace Trunkline.Controllers.Nodes;

/// <summary>When a NoExecute taint ends a Pod.</summary>
internal static class TaintEviction
{
    /// <summary>
    /// Null: never. A taint without toleration ends the Pod at once; one tolerated for a time ends it that long after the taint came; of several
    /// tolerations of one taint the shortest counts (as in Kubernetes' taint manager), and tolerationSeconds at or below zero are at once.
    /// </summary>
    public static DateTimeOffset? Deadline(V1Pod pod, IEnumerable<V1Taint>? taints, DateTimeOffset now)
    {
        DateTimeOffset? earliest = null;
        foreach (var taint in (taints ?? []).Where(t => t.Effect == "NoExecute"))
        {
            var tolerations = (pod.Spec.Tolerations ?? []).Where(t => t.Tolerates(taint)).ToList();
            var limited = tolerations.Where(t => t.TolerationSeconds is not null).ToList();
            if (tolerations.Count > 0 && limited.Count == 0)
            {
                continue;
            }

            var since = taint.TimeAdded is { } added ? new DateTimeOffset(added, TimeSpan.Zero) : now;
            var end = limited.Count == 0 ? now : since.AddSeconds(Math.Max(0, limited.Min(t => t.TolerationSeconds!.Value)));
            earliest = earliest is null || end < earliest ? end : earliest;
        }

        return earliest;
    }
}
