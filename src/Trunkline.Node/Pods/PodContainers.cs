using k8s.Autorest;
using k8s.Models;
using Trunkline.Node.Pods.Probes;
using Trunkline.Node.Pods.State;
using Trunkline.Node.Pods.Status;
using Trunkline.Node.Pods.Variables;
using Trunkline.Node.Runtime;

namespace Trunkline.Node.Pods;

/// <summary>A Pod's containers: starts, watches and restarts them. Called by the Pod's worker alone, one call at a time.</summary>
internal sealed class PodContainers(PodRecord record, PodTools tools, Action poke) : IDisposable
{
    private static readonly TimeSpan ConfigurationRetry = TimeSpan.FromSeconds(3);

    private readonly Dictionary<string, ContainerProbes> _probes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTime> _notBefore = new(StringComparer.Ordinal);
    private readonly ContainerStopper _stopper = new(record, tools);
    private bool _recovered;

    /// <summary>Completes when the Pod's policies are in force and its node's SCTP answers for it; nothing of it runs earlier.</summary>
    public Task Policies { get; set; } = Task.CompletedTask;

    public ContainerHealth Health(string name) => _probes.TryGetValue(name, out var probes) ? probes.Health : new ContainerHealth(true, true);

    public void Dispose()
    {
        foreach (var probes in _probes.Values)
        {
            probes.Dispose();
        }

        _probes.Clear();
    }

    /// <summary>How long until something is due by itself, or null.</summary>
    public TimeSpan? NextWake(DateTime now) =>
        _notBefore.Count == 0 ? null : TimeSpan.FromTicks(Math.Max(0, (_notBefore.Values.Min() - now).Ticks)) + TimeSpan.FromMilliseconds(1);

    /// <summary>Every runtime id the Pod may have used: the present attempts' and those before them.</summary>
    public IEnumerable<string> AllIds() => record.Containers
        .SelectMany(pair => Enumerable.Range(Math.Max(0, pair.Value.Attempt - 1), Math.Min(2, pair.Value.Attempt + 1))
            .Select(attempt => NodePaths.ContainerId(record.Uid, pair.Key, attempt)));

    /// <summary>Takes note of what ended since, also while no agent ran.</summary>
    public async Task ObserveAsync(V1Pod pod, CancellationToken cancellationToken)
    {
        if (!_recovered)
        {
            await RecoverAsync(pod, cancellationToken);
            _recovered = true;
        }

        foreach (var (name, container) in record.Containers)
        {
            if (container.Phase == ContainerPhase.Running)
            {
                await ObserveAsync(name, container, cancellationToken);
            }
        }
    }

    /// <summary>Brings the containers a step nearer to what the spec wants.</summary>
    public async Task AdvanceAsync(V1Pod pod, CancellationToken cancellationToken)
    {
        _notBefore.Clear();
        foreach (var container in pod.Spec.InitContainers ?? [])
        {
            await AdvanceAsync(pod, container, init: true, cancellationToken);
            if (!PodPhase.IsInitDone(container, record.Containers.GetValueOrDefault(container.Name)))
            {
                return;
            }
        }

        foreach (var container in pod.Spec.Containers)
        {
            await AdvanceAsync(pod, container, init: false, cancellationToken);
        }
    }

    public async Task StopAllAsync(V1Pod pod, TimeSpan grace, CancellationToken hurry, CancellationToken cancellationToken)
    {
        Dispose();
        await _stopper.StopAsync(pod, grace, hurry, cancellationToken);
        foreach (var (name, container) in record.Containers)
        {
            if (container.Phase == ContainerPhase.Running && tools.Monitor.ReadExit(container.Id) is { } exit)
            {
                await EndedAsync(name, container, exit, cancellationToken);
            }
        }
    }

    // A boot, or an agent that ended between asking the runtime and writing down its answer.
    private async Task RecoverAsync(V1Pod pod, CancellationToken cancellationToken)
    {
        foreach (var (name, container) in record.Containers)
        {
            if (container.Phase != ContainerPhase.Creating)
            {
                if (container.Phase == ContainerPhase.Running)
                {
                    StartProbes(pod, name, container);
                }

                continue;
            }

            if (await tools.Monitor.StateAsync(container.Id, cancellationToken) == "running")
            {
                container.Phase = ContainerPhase.Running;
                StartProbes(pod, name, container);
            }
            else
            {
                await tools.Monitor.DeleteAsync(container.Id, cancellationToken);
                container.Phase = ContainerPhase.Waiting;
            }

            tools.Store.Save(record);
        }
    }

    private async Task ObserveAsync(string name, ContainerRecord container, CancellationToken cancellationToken)
    {
        // The order matters: the monitor writes the exit before it ends.
        var watched = tools.Monitor.HasMonitor(container.Id);
        if (tools.Monitor.ReadExit(container.Id) is { } exit)
        {
            await EndedAsync(name, container, exit, cancellationToken);
        }
        else if (!watched)
        {
            // Without its monitor nobody reads its output or would see its end. What is left of it is ended, so that the policy can start it again.
            const int Killed = 137;
            await EndedAsync(name, container, new ContainerExit(Killed, tools.Time.GetUtcNow().UtcDateTime, false), cancellationToken,
                "ContainerStatusUnknown", "The container's monitor was killed, and the container with it");
        }
    }

    private async Task EndedAsync(string name, ContainerRecord container, ContainerExit exit, CancellationToken cancellationToken,
        string? reason = null, string? message = null)
    {
        if (_probes.Remove(name, out var probes))
        {
            probes.Dispose();
        }

        reason ??= exit.OutOfMemory ? "OOMKilled" : exit.Code == 0 ? "Completed" : "Error";
        var text = message ?? tools.Launcher.TerminationMessage(record, container.Id)
            ?? (container.LastWordsFromLog && exit.Code != 0 ? LastWords.Of(tools.Paths.LogFile(record.Namespace, record.Name, record.Uid, name, container.Attempt)) : null);
        container.Ended = new Termination(container.Id, exit.Code, reason, text, container.StartedAt, exit.FinishedAt);
        container.Phase = ContainerPhase.Exited;
        container.WaitingReason = container.WaitingMessage = null;
        tools.Store.Save(record);
        await tools.Monitor.DeleteAsync(container.Id, cancellationToken);
        PodLog.Ended(tools.Logger, record.Namespace, record.Name, name, exit.Code, reason);
    }

    private async Task AdvanceAsync(V1Pod pod, V1Container container, bool init, CancellationToken cancellationToken)
    {
        var state = record.Container(container.Name);
        switch (state.Phase)
        {
            case ContainerPhase.Running when _probes.TryGetValue(container.Name, out var probes) && probes.Failure is { } failure:
                tools.Events.ForPod(pod, "Normal", "Killing", failure, container.Name, init);
                await _stopper.StopAsync(pod, container, state, cancellationToken);
                if (tools.Monitor.ReadExit(state.Id) is { } exit)
                {
                    await EndedAsync(container.Name, state, exit, cancellationToken);
                }

                poke();
                return;
            case ContainerPhase.Running:
                return;
            case ContainerPhase.Exited when !ShouldRestart(pod, container, init, state):
                return;
            default:
                await StartIfDueAsync(pod, container, init, state, cancellationToken);
                return;
        }
    }

    private static bool ShouldRestart(V1Pod pod, V1Container container, bool init, ContainerRecord state)
    {
        var failed = state.Ended?.ExitCode != 0;
        if (init && container.RestartPolicy != "Always")
        {
            return failed && pod.Spec.RestartPolicy != "Never";
        }

        return (container.RestartPolicy ?? pod.Spec.RestartPolicy ?? "Always") switch
        {
            "Always" => true,
            "OnFailure" => failed,
            _ => false,
        };
    }

    private async Task StartIfDueAsync(V1Pod pod, V1Container container, bool init, ContainerRecord state, CancellationToken cancellationToken)
    {
        var now = tools.Time.GetUtcNow().UtcDateTime;
        if (state.Phase == ContainerPhase.Exited)
        {
            var due = state.BackOff.NotBefore(state.Ended!.FinishedAt);
            if (due > now)
            {
                WaitForBackOff(pod, container, init, state, due);
                return;
            }

            state.BackOff.Restarted(now);
            state.Last = state.Ended;
            state.Ended = null;
            ContainerRoot.Remove(tools.Paths.ContainerDirectory(record.Uid, state.Id));
            state.Attempt++;
            ForgetLog(container.Name, state.Attempt - 2); // a kubelet keeps one dead container's
        }
        else if (state.RetryAt > now)
        {
            _notBefore[container.Name] = state.RetryAt;
            return;
        }

        await StartAsync(pod, container, init, state, cancellationToken);
    }

    private void ForgetLog(string container, int attempt)
    {
        if (attempt >= 0)
        {
            File.Delete(tools.Paths.LogFile(record.Namespace, record.Name, record.Uid, container, attempt));
        }
    }

    private void WaitForBackOff(V1Pod pod, V1Container container, bool init, ContainerRecord state, DateTime due)
    {
        _notBefore[container.Name] = due;
        if (state.WaitingReason == "CrashLoopBackOff")
        {
            return;
        }

        var title = $"{record.Name}_{record.Namespace}({record.Uid})";
        state.WaitingReason = "CrashLoopBackOff";
        state.WaitingMessage = $"back-off {Describe(state.BackOff.Current)} restarting failed container={container.Name} pod={title}";
        state.Last = state.Ended;
        tools.Events.ForPod(pod, "Warning", "BackOff", $"Back-off restarting failed container {container.Name} in pod {title}", container.Name, init);
        tools.Store.Save(record);
    }

    private async Task StartAsync(V1Pod pod, V1Container container, bool init, ContainerRecord state, CancellationToken cancellationToken)
    {
        state.Id = NodePaths.ContainerId(record.Uid, container.Name, state.Attempt);
        state.Phase = ContainerPhase.Creating;
        state.LastWordsFromLog = container.TerminationMessagePolicy == "FallbackToLogsOnError";
        state.WaitingReason = state.WaitingMessage = null;
        tools.Store.Save(record);
        tools.Events.ForPod(pod, "Normal", "Pulled", Messages.Pulled(container.Image, tools.Config.ImageId), container.Name, init);
        try
        {
            await tools.Launcher.CreateAsync(pod, container, record, state.Id, state.Attempt, cancellationToken);
            tools.Events.ForPod(pod, "Normal", "Created", $"Created container: {container.Name}", container.Name, init);
            await Policies.WaitAsync(cancellationToken);
            state.StartedAt = tools.Time.GetUtcNow().UtcDateTime;
            await tools.Monitor.StartAsync(state.Id, cancellationToken);
        }
        catch (Exception exception) when (exception is ContainerException or ConfigurationException or HttpOperationException)
        {
            await NotStartedAsync(pod, container, init, state, exception, cancellationToken);
            return;
        }

        state.Phase = ContainerPhase.Running;
        tools.Store.Save(record);
        tools.Events.ForPod(pod, "Normal", "Started", $"Started container {container.Name}", container.Name, init);
        PodLog.Runs(tools.Logger, record.Namespace, record.Name, container.Name);
        StartProbes(pod, container.Name, state);
        if (container.Lifecycle?.PostStart is { } hook && await _stopper.RunHookAsync(pod, container, state, hook, cancellationToken) is { } complaint)
        {
            tools.Events.ForPod(pod, "Warning", "FailedPostStartHook", $"PostStartHook failed: {complaint}", container.Name, init);
            await _stopper.StopAsync(pod, container, state, cancellationToken);
        }
    }

    private async Task NotStartedAsync(V1Pod pod, V1Container container, bool init, ContainerRecord state, Exception exception,
        CancellationToken cancellationToken)
    {
        await tools.Monitor.DeleteAsync(state.Id, cancellationToken);
        var now = tools.Time.GetUtcNow().UtcDateTime;
        var configuration = exception is not ContainerException;
        state.Phase = ContainerPhase.Waiting;
        state.WaitingReason = configuration ? "CreateContainerConfigError" : "CreateContainerError";
        state.WaitingMessage = (exception as HttpOperationException)?.Response.Content ?? exception.Message;
        state.BackOff.Restarted(now);
        state.RetryAt = now + (configuration ? ConfigurationRetry : state.BackOff.Current);
        _notBefore[container.Name] = state.RetryAt;
        tools.Events.ForPod(pod, "Warning", "Failed", $"Error: {state.WaitingMessage}", container.Name, init);
        tools.Store.Save(record);
    }

    private void StartProbes(V1Pod pod, string name, ContainerRecord state)
    {
        var container = pod.Spec.Containers.Concat(pod.Spec.InitContainers ?? []).FirstOrDefault(candidate => candidate.Name == name);
        if (container is null || (container.LivenessProbe ?? container.ReadinessProbe ?? container.StartupProbe) is null)
        {
            return;
        }

        var id = state.Id;
        var probes = new ContainerProbes(pod, container, (probe, token) => _stopper.ProbeAsync(pod, container, id, probe, token), tools.Events, poke, tools.Time);
        _probes[name] = probes;
        probes.Start();
    }

    private static string Describe(TimeSpan span) => span.TotalMinutes >= 1 ? $"{(int)span.TotalMinutes}m{span.Seconds}s" : $"{span.Seconds}s";
}
