using System.Globalization;
using k8s.Models;
using Trunkline.Node.Pods.Probes;
using Trunkline.Node.Pods.State;

namespace Trunkline.Node.Pods;

/// <summary>Ends containers as Kubernetes promises: preStop hook, TERM, and KILL when the grace period is over. Also runs hooks and probes.</summary>
internal sealed class ContainerStopper(PodRecord record, PodTools tools)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan KillPatience = TimeSpan.FromSeconds(10);

    /// <summary>Ends all that runs; returns when nothing does. <paramref name="hurry"/> cuts the grace period short.</summary>
    public Task StopAsync(V1Pod pod, TimeSpan grace, CancellationToken hurry, CancellationToken cancellationToken)
    {
        var running = pod.Spec.Containers.Concat(pod.Spec.InitContainers ?? [])
            .Select(container => (Container: container, State: record.Containers.GetValueOrDefault(container.Name)))
            .Where(pair => pair.State is { Phase: ContainerPhase.Running or ContainerPhase.Creating });
        return Task.WhenAll(running.Select(pair =>
        {
            tools.Events.ForPod(pod, "Normal", "Killing", $"Stopping container {pair.Container.Name}", pair.Container.Name);
            return StopAsync(pod, pair.Container, pair.State!, grace, hurry, cancellationToken);
        }));
    }

    /// <summary>Ends one container for a restart, with the Pod's own grace period.</summary>
    public Task StopAsync(V1Pod pod, V1Container container, ContainerRecord state, CancellationToken cancellationToken) =>
        StopAsync(pod, container, state, TimeSpan.FromSeconds(pod.Spec.TerminationGracePeriodSeconds ?? 30), CancellationToken.None, cancellationToken);

    /// <summary>Null when the hook went well.</summary>
    public async Task<string?> RunHookAsync(V1Pod pod, V1Container container, ContainerRecord state, V1LifecycleHandler hook, CancellationToken cancellationToken)
    {
        try
        {
            if (hook.Exec is { } exec)
            {
                return await ExecAsync(pod, container, state.Id, exec.Command, cancellationToken);
            }

            if (hook.Sleep is { } sleep)
            {
                await Task.Delay(TimeSpan.FromSeconds(sleep.Seconds), tools.Time, cancellationToken);
                return null;
            }

            return hook.HttpGet is { } http
                ? await tools.Handlers.HttpAsync(http, container, record.Ip!, cancellationToken)
                : await HandlerRunner.TcpAsync(HostOf(hook.TcpSocket), HandlerRunner.Port(hook.TcpSocket.Port, container), cancellationToken);
        }
        catch (IOException exception)
        {
            return exception.Message;
        }
    }

    public async Task<string?> ProbeAsync(V1Pod pod, V1Container container, string id, V1Probe probe, CancellationToken cancellationToken)
    {
        if (probe.Exec is { } exec)
        {
            return await ExecAsync(pod, container, id, exec.Command, cancellationToken);
        }

        if (probe.HttpGet is { } http)
        {
            return await tools.Handlers.HttpAsync(http, container, record.Ip!, cancellationToken);
        }

        return probe.TcpSocket is { } tcp
            ? await HandlerRunner.TcpAsync(HostOf(tcp), HandlerRunner.Port(tcp.Port, container), cancellationToken)
            : "this node knows exec, httpGet and tcpSocket probes";
    }

    private string HostOf(V1TCPSocketAction action) => string.IsNullOrEmpty(action.Host) ? record.Ip! : action.Host;

    private Task<string?> ExecAsync(V1Pod pod, V1Container container, string id, IList<string> command, CancellationToken cancellationToken) =>
        tools.Handlers.ExecAsync(pod, container, id, [.. command], cancellationToken);

    private async Task StopAsync(V1Pod pod, V1Container container, ContainerRecord state, TimeSpan grace, CancellationToken hurry,
        CancellationToken cancellationToken)
    {
        var deadline = tools.Time.GetUtcNow() + grace;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(hurry, cancellationToken);
        if (grace > TimeSpan.Zero)
        {
            await PreStopAsync(pod, container, state, grace, either.Token, cancellationToken);
            if (!hurry.IsCancellationRequested)
            {
                await tools.Monitor.SignalAsync(state.Id, "TERM", cancellationToken);
                await EndedByAsync(state.Id, deadline, hurry, cancellationToken);
            }
        }

        if (tools.Monitor.ReadExit(state.Id) is null)
        {
            await tools.Monitor.SignalAsync(state.Id, "KILL", cancellationToken);
            await EndedByAsync(state.Id, tools.Time.GetUtcNow() + KillPatience, CancellationToken.None, cancellationToken);
        }
    }

    private async Task PreStopAsync(V1Pod pod, V1Container container, ContainerRecord state, TimeSpan grace, CancellationToken cut,
        CancellationToken cancellationToken)
    {
        if (container.Lifecycle?.PreStop is not { } hook)
        {
            return;
        }

        // The hook's time is part of the grace period (Kubernetes: "Container hooks").
        using var timeout = new CancellationTokenSource(grace, tools.Time);
        using var all = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cut);
        string? complaint;
        try
        {
            complaint = await RunHookAsync(pod, container, state, hook, all.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            complaint = $"not done after {grace.TotalSeconds.ToString(CultureInfo.InvariantCulture)}s";
        }

        if (complaint is not null)
        {
            tools.Events.ForPod(pod, "Warning", "FailedPreStopHook", $"PreStopHook failed: {complaint}", container.Name);
        }
    }

    private async Task EndedByAsync(string id, DateTimeOffset deadline, CancellationToken hurry, CancellationToken cancellationToken)
    {
        while (tools.Monitor.ReadExit(id) is null && tools.Time.GetUtcNow() < deadline && !hurry.IsCancellationRequested && tools.Monitor.HasMonitor(id))
        {
            await Task.Delay(LookAgain, tools.Time, cancellationToken);
        }
    }
}
