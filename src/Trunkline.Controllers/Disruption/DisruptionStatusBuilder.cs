using k8s.Models;
using Trunkline.Controllers.Client;

namespace Trunkline.Controllers.Disruption;

internal static class DisruptionStatusBuilder
{
    /// <summary>An evicted Pod that does not go after this long was not evicted (the disruption controller's DeletionTimeout).</summary>
    public static readonly TimeSpan DeletionTimeout = TimeSpan.FromMinutes(2);

    /// <summary>expected: null where it can not be known, and then nothing may be disrupted.</summary>
    public static V1PodDisruptionBudgetStatus Build(
        V1PodDisruptionBudget budget, IReadOnlyList<V1Pod> pods, int? expected, string? failure, DateTimeOffset now)
    {
        var disrupted = StillDisrupted(budget, pods, now);
        var healthy = pods.Count(p => p.IsReady() && p.IsActive() && !disrupted.ContainsKey(p.Metadata.Name));
        var desired = expected is null ? 0 : DisruptionMath.DesiredHealthy(budget.Spec, expected.Value);
        var allowed = expected is null or <= 0 ? 0 : Math.Max(0, healthy - desired);
        var reason = failure is not null ? "SyncFailed" : allowed > 0 ? "SufficientPods" : "InsufficientPods";
        return new V1PodDisruptionBudgetStatus
        {
            CurrentHealthy = healthy,
            DesiredHealthy = desired,
            ExpectedPods = expected ?? 0,
            DisruptionsAllowed = allowed,
            DisruptedPods = disrupted.Count > 0 ? disrupted : null,
            ObservedGeneration = budget.Metadata.Generation,
            Conditions = [Condition(budget, allowed > 0, reason, failure ?? "", now)],
        };
    }

    private static Dictionary<string, DateTime?> StillDisrupted(V1PodDisruptionBudget budget, IReadOnlyList<V1Pod> pods, DateTimeOffset now) =>
        (budget.Status?.DisruptedPods ?? new Dictionary<string, DateTime?>())
            .Where(d => d.Value is { } since && pods.Any(p => p.Metadata.Name == d.Key && !p.IsDeleting())
                && new DateTimeOffset(since, TimeSpan.Zero) + DeletionTimeout > now)
            .ToDictionary(d => d.Key, d => d.Value);

    private static V1Condition Condition(V1PodDisruptionBudget budget, bool allowed, string reason, string message, DateTimeOffset now)
    {
        var status = allowed ? "True" : "False";
        var before = budget.Status?.Conditions?.FirstOrDefault(c => c.Type == "DisruptionAllowed");
        return new V1Condition
        {
            Type = "DisruptionAllowed",
            Status = status,
            Reason = reason,
            Message = message,
            ObservedGeneration = budget.Metadata.Generation,
            LastTransitionTime = before?.Status == status
                ? before.LastTransitionTime
                : DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds()).UtcDateTime,
        };
    }
}
