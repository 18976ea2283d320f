using k8s.Models;

namespace Trunkline.Controllers.Client;

/// <summary>What several controllers ask about a Pod.</summary>
internal static class PodFacts
{
    public static V1PodCondition? Condition(this V1Pod pod, string type) => pod.Status?.Conditions?.FirstOrDefault(c => c.Type == type);

    public static bool IsReady(this V1Pod pod) => pod.Condition("Ready")?.Status == "True";

    /// <summary>Succeeded and Failed Pods never run again: their address, their place on a node and their replica slot are free.</summary>
    public static bool IsFinished(this V1Pod pod) => pod.Status?.Phase is "Succeeded" or "Failed";

    public static bool IsActive(this V1Pod pod) => !pod.IsFinished() && !pod.IsDeleting();

    /// <summary>The kubelet's own copy of a static Pod; deleting it means nothing.</summary>
    public static bool IsMirror(this V1Pod pod) => pod.Annotation("kubernetes.io/config.mirror") is not null;

    /// <summary>Available: ready for minReadySeconds. Returns how long is still missing, zero when available, null when not ready.</summary>
    public static TimeSpan? UntilAvailable(this V1Pod pod, int minReadySeconds, DateTimeOffset now)
    {
        if (!pod.IsReady())
        {
            return null;
        }

        var since = pod.Condition("Ready")!.LastTransitionTime;
        if (minReadySeconds == 0 || since is null)
        {
            return TimeSpan.Zero;
        }

        var missing = new DateTimeOffset(since.Value, TimeSpan.Zero).AddSeconds(minReadySeconds) - now;
        return missing > TimeSpan.Zero ? missing : TimeSpan.Zero;
    }
}
