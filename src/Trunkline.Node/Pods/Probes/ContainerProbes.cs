using k8s.Models;
using Trunkline.Node.Agent.Events;
using Trunkline.Node.Pods.Status;

namespace Trunkline.Node.Pods.Probes;

/// <summary>The probes of one running container. Startup first; until it passes the others wait (Kubernetes: "Configure probes").</summary>
internal sealed class ContainerProbes : IDisposable
{
    private readonly V1Pod _pod;
    private readonly V1Container _container;
    private readonly Func<V1Probe, CancellationToken, Task<string?>> _run;
    private readonly EventRecorder _events;
    private readonly Action _changed;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private volatile bool _started;
    private volatile bool _ready;
    private volatile string? _failure;

    public ContainerProbes(V1Pod pod, V1Container container, Func<V1Probe, CancellationToken, Task<string?>> run, EventRecorder events, Action changed,
        TimeProvider time)
    {
        _pod = pod;
        _container = container;
        _run = run;
        _events = events;
        _changed = changed;
        _time = time;
        _started = container.StartupProbe is null;
        _ready = container.ReadinessProbe is null;
    }

    public ContainerHealth Health => new(_started, _started && _ready);

    /// <summary>Why the container has to be restarted ("Container x failed liveness probe, will be restarted"), or null.</summary>
    public string? Failure => _failure;

    public void Start() => _ = RunAsync();

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        var cancellationToken = _stop.Token;
        try
        {
            if (_container.StartupProbe is { } startup)
            {
                await LoopAsync(startup, "Startup", new ProbeTally(startup.FailureThreshold ?? 3, 1, false), cancellationToken);
            }

            List<Task> loops = [];
            if (_failure is null && _container.LivenessProbe is { } liveness)
            {
                loops.Add(LoopAsync(liveness, "Liveness", new ProbeTally(liveness.FailureThreshold ?? 3, 1, true), cancellationToken));
            }

            if (_failure is null && _container.ReadinessProbe is { } readiness)
            {
                loops.Add(LoopAsync(readiness, "Readiness",
                    new ProbeTally(readiness.FailureThreshold ?? 3, readiness.SuccessThreshold ?? 1, false), cancellationToken));
            }

            await Task.WhenAll(loops);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _ready = false; // the container is going; nobody asks for its health again
        }
    }

    private async Task LoopAsync(V1Probe probe, string kind, ProbeTally tally, CancellationToken cancellationToken)
    {
        await Task.Delay(TimeSpan.FromSeconds(probe.InitialDelaySeconds ?? 0), _time, cancellationToken);
        while (true)
        {
            var complaint = await OnceAsync(probe, cancellationToken);
            tally.Add(complaint is null);
            if (complaint is not null)
            {
                _events.ForPod(_pod, "Warning", "Unhealthy", $"{kind} probe failed: {complaint}", _container.Name);
            }

            if (Judge(kind, tally))
            {
                return;
            }

            await Task.Delay(TimeSpan.FromSeconds(Math.Max(1, probe.PeriodSeconds ?? 10)), _time, cancellationToken);
        }
    }

    // True: this probe has nothing more to say.
    private bool Judge(string kind, ProbeTally tally)
    {
        if (kind == "Readiness")
        {
            if (_ready != tally.Passing)
            {
                _ready = tally.Passing;
                _changed();
            }

            return false;
        }

        if (tally.HasFailed)
        {
            _failure = $"Container {_container.Name} failed {(kind == "Startup" ? "startup" : "liveness")} probe, will be restarted";
            _changed();
            return true;
        }

        if (kind == "Startup" && tally.Passing)
        {
            _started = true;
            _changed();
            return true;
        }

        return false;
    }

    private async Task<string?> OnceAsync(V1Probe probe, CancellationToken cancellationToken)
    {
        var seconds = Math.Max(1, probe.TimeoutSeconds ?? 1);
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(seconds), _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await _run(probe, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"command timed out after {seconds}s";
        }
        catch (IOException exception)
        {
            return exception.Message; // the container ended while it was asked
        }
    }
}
