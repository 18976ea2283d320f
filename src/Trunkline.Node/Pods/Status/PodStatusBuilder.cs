using k8s.Models;
using Trunkline.Node.Pods.State;

namespace Trunkline.Node.Pods.Status;

/// <summary>A Pod's status from what the node did for it, in a kubelet's words. Pure.</summary>
internal sealed class PodStatusBuilder(IReadOnlyList<string> nodeIps, string imageId)
{
    private static readonly string[] Own = ["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady"];

    public V1PodStatus Build(V1Pod pod, PodRecord record, bool ending, Func<string, ContainerHealth> health, DateTime now)
    {
        var phase = PodPhase.Compute(pod, record, ending);
        var status = new V1PodStatus
        {
            Phase = phase,
            Reason = record.RefusedReason ?? pod.Status?.Reason,
            Message = record.RefusedMessage ?? pod.Status?.Message,
            HostIP = nodeIps[0],
            HostIPs = [.. nodeIps.Select(ip => new V1HostIP { Ip = ip })],
            StartTime = pod.Status?.StartTime ?? record.StartTime,
            QosClass = pod.Status?.QosClass,
        };
        if (record.RefusedReason is not null && record.Containers.Count == 0)
        {
            return status;
        }

        if (record.Ip is not null)
        {
            status.PodIP = record.Ip;
            status.PodIPs = [.. record.Ips.Select(ip => new V1PodIP { Ip = ip })];
        }

        status.ContainerStatuses = [.. pod.Spec.Containers.Select(container => ForContainer(container, record, false, health, pod))];
        if (pod.Spec.InitContainers is { Count: > 0 } init)
        {
            status.InitContainerStatuses = [.. init.Select(container => ForContainer(container, record, true, health, pod))];
        }

        status.Conditions = Conditions(pod, record, status, phase, now);
        return status;
    }

    private V1ContainerStatus ForContainer(V1Container container, PodRecord pod, bool init, Func<string, ContainerHealth> health, V1Pod spec)
    {
        var record = pod.Containers.GetValueOrDefault(container.Name) ?? new ContainerRecord();
        var running = record.Phase == ContainerPhase.Running;
        var well = running ? health(container.Name) : default;
        var known = record.Id.Length > 0 && record.Phase is ContainerPhase.Running or ContainerPhase.Exited;
        return new V1ContainerStatus
        {
            Name = container.Name,
            Image = container.Image,
            ImageID = known || record.Last is not null ? imageId : "",
            ContainerID = known ? "runc://" + record.Id : record.Last is { } last ? "runc://" + last.ContainerId : null,
            RestartCount = record.Attempt,
            Started = running && well.Started,
            Ready = init && container.RestartPolicy != "Always" ? PodPhase.IsInitDone(container, record) : running && well.Ready,
            State = State(record, pod, spec, init),
            LastState = record.Last is { } ended ? new V1ContainerState { Terminated = Terminated(ended) } : new V1ContainerState(),
        };
    }

    private static V1ContainerState State(ContainerRecord record, PodRecord pod, V1Pod spec, bool init)
    {
        if (record.Phase == ContainerPhase.Running)
        {
            return new V1ContainerState { Running = new V1ContainerStateRunning { StartedAt = record.StartedAt } };
        }

        if (record is { Phase: ContainerPhase.Exited, Ended: { } ended } && record.WaitingReason is null)
        {
            return new V1ContainerState { Terminated = Terminated(ended) };
        }

        var waitsForInit = init ? record.Phase == ContainerPhase.Waiting && pod.SandboxReady : !PodPhase.InitDone(spec, pod);
        var reason = record.WaitingReason ?? (waitsForInit || (spec.Spec.InitContainers is { Count: > 0 } && record.Id.Length == 0)
            ? "PodInitializing" : "ContainerCreating");
        return new V1ContainerState { Waiting = new V1ContainerStateWaiting { Reason = reason, Message = record.WaitingMessage } };
    }

    private static V1ContainerStateTerminated Terminated(Termination ended) => new()
    {
        ContainerID = "runc://" + ended.ContainerId,
        ExitCode = ended.ExitCode,
        Reason = ended.Reason,
        Message = ended.Message,
        StartedAt = ended.StartedAt,
        FinishedAt = ended.FinishedAt,
    };

    private static List<V1PodCondition> Conditions(V1Pod pod, PodRecord record, V1PodStatus status, string phase, DateTime now)
    {
        var final = PodPhase.IsFinal(phase);
        var unready = status.ContainerStatuses.Where(container => !container.Ready).Select(container => container.Name).ToArray();
        var uninitialized = (status.InitContainerStatuses ?? []).Where(container => !container.Ready).Select(container => container.Name).ToArray();
        var reason = phase switch
        {
            PodPhase.Succeeded => "PodCompleted",
            PodPhase.Failed => "PodFailed",
            _ => unready.Length > 0 ? "ContainersNotReady" : null,
        };
        var message = reason == "ContainersNotReady" ? $"containers with unready status: [{string.Join(' ', unready)}]" : null;
        var ready = reason is null && phase == PodPhase.Running;
        List<V1PodCondition> conditions =
        [
            Condition(pod, Own[0], record.SandboxReady && !final, null, null, now),
            uninitialized.Length == 0 || phase == PodPhase.Succeeded
                ? Condition(pod, Own[1], true, phase == PodPhase.Succeeded ? "PodCompleted" : null, null, now)
                : Condition(pod, Own[1], false, "ContainersNotInitialized",
                    $"containers with incomplete status: [{string.Join(' ', uninitialized)}]", now),
            Gated(pod, ready, reason, message, now),
            Condition(pod, Own[3], ready, reason, message, now),
        ];
        conditions.AddRange((pod.Status?.Conditions ?? []).Where(condition => !Own.Contains(condition.Type)));
        return conditions;
    }

    // readinessGates: conditions that others write and without which the Pod is not ready.
    private static V1PodCondition Gated(V1Pod pod, bool ready, string? reason, string? message, DateTime now)
    {
        var missing = (pod.Spec.ReadinessGates ?? []).Select(gate => gate.ConditionType)
            .Where(type => pod.Status?.Conditions?.Any(condition => condition.Type == type && condition.Status == "True") != true).ToArray();
        return ready && missing.Length > 0
            ? Condition(pod, Own[2], false, "ReadinessGatesNotReady", $"corresponding condition of pod readiness gate \"{missing[0]}\" does not exist.", now)
            : Condition(pod, Own[2], ready, reason, message, now);
    }

    // The time of a condition is that of its last change, so it is taken over while it stays as it is.
    private static V1PodCondition Condition(V1Pod pod, string type, bool holds, string? reason, string? message, DateTime now)
    {
        var value = holds ? "True" : "False";
        var before = pod.Status?.Conditions?.FirstOrDefault(condition => condition.Type == type);
        return new V1PodCondition
        {
            Type = type,
            Status = value,
            Reason = reason,
            Message = message,
            LastTransitionTime = before?.Status == value ? before.LastTransitionTime : now,
        };
    }
}
