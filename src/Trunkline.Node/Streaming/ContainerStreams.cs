using k8s.Models;
using Trunkline.Node.Pods;
using Trunkline.Node.Pods.State;
using Trunkline.Node.Runtime;
using Trunkline.Node.Streaming.Logs;
using Trunkline.Node.Streaming.Sessions;

namespace Trunkline.Node.Streaming;

/// <summary>Finds what a request for logs, exec or attach is about.</summary>
internal sealed class ContainerStreams(
    Func<string, string, PodWorker?> find, ContainerMonitor monitor, NodePaths paths, TimeProvider time)
{
    public (LogReader Reader, Func<bool> Running) Logs(string podNamespace, string pod, string container, LogOptions options)
    {
        var (worker, _, state) = Find(podNamespace, pod, container);
        var attempt = state.Attempt;
        if (options.Previous)
        {
            attempt = state.Last is null ? -1 : state.Phase == ContainerPhase.Exited ? state.Attempt : state.Attempt - 1;
        }

        var record = worker.Record;
        var path = paths.LogFile(record.Namespace, record.Name, record.Uid, container, attempt);
        if (attempt < 0 || !File.Exists(path))
        {
            throw new StreamException(400, options.Previous
                ? $"previous terminated container \"{container}\" in pod \"{pod}\" not found"
                : $"container \"{container}\" in pod \"{pod}\" is waiting to start: {state.WaitingReason ?? "ContainerCreating"}");
        }

        var id = NodePaths.ContainerId(record.Uid, container, attempt);
        return (new LogReader(path, options, time), () => state.Id == id && state.Phase is ContainerPhase.Running or ContainerPhase.Creating && monitor.ReadExit(id) is null);
    }

    public IStreamedProcess Exec(string podNamespace, string pod, string container, StreamRequest request)
    {
        if (request.Command.Count == 0)
        {
            throw new StreamException(400, "you must specify at least one command for the container");
        }

        var (worker, spec, id) = FindRunning(podNamespace, pod, container);
        var exec = ExecProcess.Prepare(monitor, worker.Pod, spec, id, request.Command, request.Terminal);
        return request.Terminal ? new TerminalProcess(exec, time) : new PipedProcess(exec, request.Stdin, time);
    }

    public IStreamedProcess Attach(string podNamespace, string pod, string container)
    {
        var (_, _, id) = FindRunning(podNamespace, pod, container);
        return new AttachedContainer(monitor.AttachSocket(id), monitor.ControlFile(id));
    }

    private (PodWorker Worker, V1Container Spec, string Id) FindRunning(string podNamespace, string pod, string container)
    {
        var (worker, spec, state) = Find(podNamespace, pod, container);
        return state.Phase == ContainerPhase.Running && monitor.ReadExit(state.Id) is null
            ? (worker, spec, state.Id)
            : throw new StreamException(500, $"container not found (\"{container}\")");
    }

    private (PodWorker Worker, V1Container Spec, ContainerRecord State) Find(string podNamespace, string pod, string container)
    {
        var worker = find(podNamespace, pod) ?? throw new StreamException(404, $"pod {podNamespace}/{pod} not found");
        var spec = worker.Pod.Spec.Containers.Concat(worker.Pod.Spec.InitContainers ?? []).FirstOrDefault(candidate => candidate.Name == container)
            ?? throw new StreamException(400, $"container {container} is not valid for pod {pod}");
        return worker.Record.Containers.TryGetValue(container, out var state)
            ? (worker, spec, state)
            : throw new StreamException(400, $"container \"{container}\" in pod \"{pod}\" is waiting to start: ContainerCreating");
    }
}
