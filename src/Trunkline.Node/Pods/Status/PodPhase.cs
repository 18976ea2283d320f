using k8s.Models;
using Trunkline.Node.Pods.State;

namespace Trunkline.Node.Pods.Status;

/// <summary>A Pod's phase from its containers' (Kubernetes: "Pod Lifecycle"). Pure.</summary>
internal static class PodPhase
{
    public const string Pending = "Pending";
    public const string Running = "Running";
    public const string Succeeded = "Succeeded";
    public const string Failed = "Failed";

    /// <summary>The phase; <paramref name="ending"/>: the Pod is being taken away, so that what has ended stays ended whatever its restart policy.</summary>
    public static string Compute(V1Pod pod, PodRecord record, bool ending)
    {
        if (record.RefusedReason is not null)
        {
            return Failed;
        }

        var policy = ending ? "Never" : pod.Spec.RestartPolicy ?? "Always";
        if (InitFailed(pod, record, policy))
        {
            return Failed;
        }

        var containers = pod.Spec.Containers.Select(container => record.Containers.GetValueOrDefault(container.Name)).ToArray();
        if (!InitDone(pod, record) || containers.Any(NeverStarted))
        {
            return ending && !containers.Any(container => container?.Phase == ContainerPhase.Running) ? Failed : Pending;
        }

        var stopped = containers.Where(container => container!.Phase != ContainerPhase.Running).ToArray();
        if (stopped.Length < containers.Length || policy == "Always")
        {
            return Running;
        }

        var allWell = stopped.All(container => (container!.Ended ?? container.Last)?.ExitCode == 0);
        return allWell ? Succeeded : policy == "Never" ? Failed : Running;
    }

    public static bool IsFinal(string phase) => phase is Succeeded or Failed;

    /// <summary>Init containers run one after another, each to success; a restartable one (sidecar) has only to have started.</summary>
    public static bool InitDone(V1Pod pod, PodRecord record) =>
        (pod.Spec.InitContainers ?? []).All(container => IsInitDone(container, record.Containers.GetValueOrDefault(container.Name)));

    public static bool IsInitDone(V1Container container, ContainerRecord? record) =>
        record is not null && (container.RestartPolicy == "Always"
            ? record.Phase == ContainerPhase.Running || record.Last is not null || record.Ended is not null
            : record is { Phase: ContainerPhase.Exited, Ended.ExitCode: 0 });

    private static bool InitFailed(V1Pod pod, PodRecord record, string policy) =>
        policy == "Never" && (pod.Spec.InitContainers ?? []).Any(container => container.RestartPolicy != "Always"
            && record.Containers.GetValueOrDefault(container.Name) is { Phase: ContainerPhase.Exited, Ended.ExitCode: not 0 });

    private static bool NeverStarted(ContainerRecord? record) =>
        record is null || (record.Phase is ContainerPhase.Waiting or ContainerPhase.Creating && record.Last is null);
}
