using System.Globalization;
using k8s.Models;

namespace Trunkline.Controllers.Workloads;

/// <summary>How a Deployment's ReplicaSets are to be scaled now.</summary>
internal static class RolloutPlan
{
    /// <summary>maxSurge is rounded up, maxUnavailable down; both zero would be a standstill, so then one may be unavailable.</summary>
    public static (int Surge, int Unavailable) Limits(V1DeploymentSpec spec)
    {
        var replicas = spec.Replicas ?? 1;
        var surge = Resolve(spec.Strategy?.RollingUpdate?.MaxSurge ?? "25%", replicas, true);
        var unavailable = Resolve(spec.Strategy?.RollingUpdate?.MaxUnavailable ?? "25%", replicas, false);
        return (surge, surge == 0 && unavailable == 0 ? 1 : unavailable);
    }

    /// <summary>The new set grows while all together stay within replicas + maxSurge.</summary>
    public static int NewReplicas(V1DeploymentSpec spec, V1ReplicaSet newest, IReadOnlyCollection<V1ReplicaSet> old)
    {
        var wanted = spec.Replicas ?? 1;
        var have = newest.Spec.Replicas ?? 0;
        if (spec.Strategy?.Type == "Recreate")
        {
            return old.Any(s => (s.Spec.Replicas ?? 0) > 0 || (s.Status?.Replicas ?? 0) > 0) ? have : wanted;
        }

        var room = wanted + Limits(spec).Surge - have - old.Sum(s => s.Spec.Replicas ?? 0);
        return have >= wanted ? wanted : Math.Min(wanted, have + Math.Max(0, room));
    }

    /// <summary>Old sets shrink: first by what is not available anyway, then while enough stay available.</summary>
    public static IReadOnlyList<(V1ReplicaSet Set, int Replicas)> OldReplicas(V1DeploymentSpec spec, V1ReplicaSet newest, IReadOnlyCollection<V1ReplicaSet> old)
    {
        var shrinking = old.Where(s => (s.Spec.Replicas ?? 0) > 0).OrderBy(s => s.Metadata.CreationTimestamp).ThenBy(s => s.Metadata.Name, StringComparer.Ordinal).ToList();
        if (spec.Strategy?.Type == "Recreate")
        {
            return [.. shrinking.Select(s => (s, 0))];
        }

        var minAvailable = (spec.Replicas ?? 1) - Limits(spec).Unavailable;
        var newUnavailable = (newest.Spec.Replicas ?? 0) - (newest.Status?.AvailableReplicas ?? 0);
        var budget = old.Sum(s => s.Spec.Replicas ?? 0) + (newest.Spec.Replicas ?? 0) - minAvailable - newUnavailable;
        var left = shrinking.ToDictionary(s => s, s => s.Spec.Replicas ?? 0);
        foreach (var set in shrinking)
        {
            var unhealthy = Math.Clamp(left[set] - (set.Status?.AvailableReplicas ?? 0), 0, Math.Max(0, budget));
            left[set] -= unhealthy;
            budget -= unhealthy;
        }

        var spare = Math.Min(budget, (newest.Status?.AvailableReplicas ?? 0) + old.Sum(s => s.Status?.AvailableReplicas ?? 0) - minAvailable);
        foreach (var set in shrinking)
        {
            var gone = Math.Clamp(Math.Min(left[set], spare), 0, left[set]);
            left[set] -= gone;
            spare -= gone;
        }

        return [.. left.Where(p => p.Value != (p.Key.Spec.Replicas ?? 0)).Select(p => (p.Key, p.Value))];
    }

    public static int Resolve(IntOrString value, int total, bool up)
    {
        var text = value.Value;
        if (!text.EndsWith('%'))
        {
            return int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
        }

        var part = int.Parse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture) * (decimal)total / 100;
        return (int)(up ? Math.Ceiling(part) : Math.Floor(part));
    }
}
