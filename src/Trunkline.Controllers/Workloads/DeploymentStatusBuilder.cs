using k8s.Models;

namespace Trunkline.Controllers.Workloads;

internal static class DeploymentStatusBuilder
{
    public static V1DeploymentStatus Build(V1Deployment deployment, V1ReplicaSet? newest, IReadOnlyCollection<V1ReplicaSet> all, DateTime now)
    {
        var replicas = all.Sum(s => s.Status?.Replicas ?? 0);
        var available = all.Sum(s => s.Status?.AvailableReplicas ?? 0);
        var status = new V1DeploymentStatus
        {
            ObservedGeneration = deployment.Metadata.Generation,
            Replicas = Some(replicas),
            UpdatedReplicas = Some(newest?.Status?.Replicas ?? 0),
            ReadyReplicas = Some(all.Sum(s => s.Status?.ReadyReplicas ?? 0)),
            AvailableReplicas = Some(available),
            UnavailableReplicas = Some(Math.Max(0, all.Sum(s => s.Spec.Replicas ?? 0) - available)),
            CollisionCount = deployment.Status?.CollisionCount,
            Conditions = [.. deployment.Status?.Conditions ?? []],
        };
        var wanted = deployment.Spec.Replicas ?? 1;
        var enough = available >= wanted - RolloutPlan.Limits(deployment.Spec).Unavailable;
        Set(status.Conditions, "Available", enough ? "True" : "False", enough ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
            enough ? "Deployment has minimum availability." : "Deployment does not have minimum availability.", now, false);
        SetProgress(deployment, status, newest, now);
        return status;
    }

    private static void SetProgress(V1Deployment deployment, V1DeploymentStatus status, V1ReplicaSet? newest, DateTime now)
    {
        if (newest is null)
        {
            return;
        }

        var wanted = deployment.Spec.Replicas ?? 1;
        var name = newest.Metadata.Name;
        var before = status.Conditions.FirstOrDefault(c => c.Type == "Progressing");
        if ((status.UpdatedReplicas ?? 0) == wanted && (status.Replicas ?? 0) == wanted && (status.AvailableReplicas ?? 0) == wanted)
        {
            Set(status.Conditions, "Progressing", "True", "NewReplicaSetAvailable", $"ReplicaSet \"{name}\" has successfully progressed.", now, true);
        }
        else if (Progressed(deployment.Status, status) || before is null)
        {
            Set(status.Conditions, "Progressing", "True", "ReplicaSetUpdated", $"ReplicaSet \"{name}\" is progressing.", now, true);
        }
        else if (Overdue(deployment, before, now) <= TimeSpan.Zero)
        {
            Set(status.Conditions, "Progressing", "False", "ProgressDeadlineExceeded", $"ReplicaSet \"{name}\" has timed out progressing.", now, true);
        }
    }

    /// <summary>How long until a roll-out that does not move is called stuck (progressDeadlineSeconds, 600 by default).</summary>
    public static TimeSpan Overdue(V1Deployment deployment, V1DeploymentCondition progressing, DateTime now)
    {
        if (progressing.Reason == "NewReplicaSetAvailable" || progressing.LastUpdateTime is not { } moved)
        {
            return TimeSpan.MaxValue;
        }

        return moved.AddSeconds(deployment.Spec.ProgressDeadlineSeconds ?? 600) - now;
    }

    private static bool Progressed(V1DeploymentStatus? before, V1DeploymentStatus now) =>
        (now.UpdatedReplicas ?? 0) > (before?.UpdatedReplicas ?? 0)
        || (now.ReadyReplicas ?? 0) > (before?.ReadyReplicas ?? 0)
        || (now.AvailableReplicas ?? 0) > (before?.AvailableReplicas ?? 0)
        || (now.Replicas ?? 0) - (now.UpdatedReplicas ?? 0) < (before?.Replicas ?? 0) - (before?.UpdatedReplicas ?? 0);

    /// <summary>Zero counts are left out, as the server's omitempty does.</summary>
    private static int? Some(int count) => count == 0 ? null : count;

    private static void Set(IList<V1DeploymentCondition> all, string type, string status, string reason, string message, DateTime now, bool touch)
    {
        var have = all.FirstOrDefault(c => c.Type == type);
        if (have is not null && have.Status == status && have.Reason == reason && have.Message == message && (!touch || reason == "NewReplicaSetAvailable"))
        {
            return;
        }

        var made = new V1DeploymentCondition
        {
            Type = type,
            Status = status,
            Reason = reason,
            Message = message,
            LastUpdateTime = now,
            LastTransitionTime = have?.Status == status ? have.LastTransitionTime : now,
        };
        if (have is null)
        {
            all.Add(made);
        }
        else
        {
            all[all.IndexOf(have)] = made;
        }
    }
}
