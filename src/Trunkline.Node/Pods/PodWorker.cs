using System.Threading.Channels;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Trunkline.Node.Pods.Networks;
using Trunkline.Node.Pods.State;
using Trunkline.Node.Pods.Status;
using Trunkline.Node.Pods.Variables;
using Trunkline.Node.Runtime;

namespace Trunkline.Node.Pods;

/// <summary>
/// One Pod's life on this node. A loop of its own compares what is wanted with what is there and does the difference; everybody else only pokes it.
/// </summary>
internal sealed class PodWorker : IDisposable
{
    private static readonly TimeSpan Resync = TimeSpan.FromSeconds(5); // also finds a monitor that died without a word
    private static readonly TimeSpan VolumeRefresh = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan FailureDelay = TimeSpan.FromSeconds(2);

    private readonly PodTools _tools;
    private readonly PodContainers _containers;
    private readonly PodStatusWriter _writer;
    private readonly Channel<bool> _pokes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Lock _lock = new();
    private CancellationTokenSource _hurry = new();
    private V1Pod _pod;
    private bool _gone;
    private bool _disposed;
    private bool _restored;
    private bool _volumesReady;
    private DateTimeOffset _volumesAt;

    public PodWorker(V1Pod pod, PodRecord record, PodTools tools)
    {
        _pod = pod;
        _tools = tools;
        Record = record;
        _writer = new PodStatusWriter(tools.Client, record.Namespace, record.Name, record.Uid, tools.Time, tools.Logger);
        _containers = new PodContainers(record, tools, Poke);
    }

    public PodRecord Record { get; }

    public V1Pod Pod
    {
        get
        {
            lock (_lock)
            {
                return _pod;
            }
        }
    }

    private bool Gone
    {
        get
        {
            lock (_lock)
            {
                return _gone;
            }
        }
    }

    private string Title => $"{Record.Namespace}/{Record.Name}";

    /// <summary>A new version of the Pod. A shorter grace period than the one under way hurries its end.</summary>
    public void Update(V1Pod pod)
    {
        lock (_lock)
        {
            var shorter = pod.Metadata.DeletionGracePeriodSeconds < _pod.Metadata.DeletionGracePeriodSeconds;
            _pod = pod;
            if (shorter && !_disposed)
            {
                _hurry.Cancel();
            }
        }

        Poke();
    }

    /// <summary>The API server has the Pod no more: whatever runs of it ends now.</summary>
    public void Remove()
    {
        lock (_lock)
        {
            _gone = true;
            if (!_disposed)
            {
                _hurry.Cancel();
            }
        }

        Poke();
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _hurry.Dispose();
            _disposed = true;
        }

        _containers.Dispose();
    }

    public void Poke() => _pokes.Writer.TryWrite(true);

    /// <summary>Runs until the Pod is gone from the node, or the agent stops (which leaves the Pod as it is).</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var delay = Resync;
            try
            {
                if (await SyncAsync(cancellationToken))
                {
                    return;
                }

                var now = _tools.Time.GetUtcNow().UtcDateTime;
                delay = new[] { Resync, _containers.NextWake(now) ?? Resync, Left(Pod, now) ?? Resync }.Min();
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // Whatever it was, the Pod must not lose its only worker: it is told, and tried again.
                PodLog.Failed(_tools.Logger, exception is NetworkAttachmentException ? null : exception, Title, $"is tried again: {exception.Message}");
                _tools.Events.ForPod(Pod, "Warning", Record.SandboxReady ? "FailedSync" : "FailedCreatePodSandBox", exception.Message);
                delay = FailureDelay;
            }

            await WaitAsync(delay, cancellationToken);
        }
    }

    private async Task<bool> SyncAsync(CancellationToken cancellationToken)
    {
        var pod = Pod;
        await _containers.ObserveAsync(pod, cancellationToken);
        if (Gone || pod.Metadata.DeletionTimestamp is not null)
        {
            await EndAsync(cancellationToken);
            return true;
        }

        if (Record.Finished || Record.RefusedReason is not null)
        {
            // A Pod that ended before this node's records began has its status already.
            if (Record.Containers.Count > 0 || Record.RefusedReason is not null)
            {
                Publish(pod, ending: false, cancellationToken);
            }

            return false;
        }

        if (Left(pod, _tools.Time.GetUtcNow().UtcDateTime) <= TimeSpan.Zero)
        {
            await ExpireAsync(pod, cancellationToken);
            return false;
        }

        await EnsureSandboxAsync(pod, cancellationToken);
        if (await EnsureVolumesAsync(pod, cancellationToken))
        {
            await _containers.AdvanceAsync(pod, cancellationToken);
        }

        var phase = Publish(pod, ending: false, cancellationToken);
        if (PodPhase.IsFinal(phase))
        {
            await FinishAsync(pod, cancellationToken);
        }

        return false;
    }

    private async Task EnsureSandboxAsync(V1Pod pod, CancellationToken cancellationToken)
    {
        if (Record.SandboxReady && _tools.Sandbox.Stands(Record))
        {
            if (!_restored)
            {
                await _tools.Sandbox.RestoreAsync(pod, Record, cancellationToken);
                _restored = true;
                _containers.Policies = _tools.DataPlane.EnsurePodAsync(WithIp(pod), cancellationToken);
            }
            else if (_containers.Policies.IsFaulted || _containers.Policies.IsCanceled)
            {
                _containers.Policies = _tools.DataPlane.EnsurePodAsync(WithIp(pod), cancellationToken); // it failed, so it is asked for again
            }

            await _tools.Sandbox.TellAsync(pod, Record, cancellationToken);
            return;
        }

        await _tools.Sandbox.CreateAsync(pod, Record, cancellationToken);
        Record.SandboxReady = true;
        _restored = true;
        _tools.Store.Save(Record);

        // In force before the first process starts; they are made while the container is.
        _containers.Policies = NetworkReadyAsync(pod, cancellationToken);
    }

    private async Task NetworkReadyAsync(V1Pod pod, CancellationToken cancellationToken)
    {
        var sctp = _tools.Sandbox.SctpServedAsync(Record, _tools.Time, cancellationToken);
        await _tools.DataPlane.EnsurePodAsync(WithIp(pod), cancellationToken);
        if (!await sctp)
        {
            PodLog.Failed(_tools.Logger, null, Title, "the node's SCTP service does not answer for it yet; it is started all the same");
        }
    }

    private async Task<bool> EnsureVolumesAsync(V1Pod pod, CancellationToken cancellationToken)
    {
        var now = _tools.Time.GetUtcNow();
        if (_volumesReady && now - _volumesAt < VolumeRefresh)
        {
            return true;
        }

        try
        {
            await _tools.Volumes.PrepareAsync(pod, Record.Ips, cancellationToken);
            (_volumesReady, _volumesAt) = (true, now);
        }
        catch (Exception exception) when (exception is ConfigurationException or InvalidDataException or HttpOperationException or HttpRequestException)
        {
            // Containers that run keep what they have; one that does not run yet waits.
            var reason = (exception as HttpOperationException)?.Response.Content ?? exception.Message;
            PodLog.Failed(_tools.Logger, null, Title, $"volumes: {reason}");
            _tools.Events.ForPod(pod, "Warning", "FailedMount", $"MountVolume.SetUp failed: {reason}");
            _volumesAt = now;
        }

        return _volumesReady;
    }

    private string Publish(V1Pod pod, bool ending, CancellationToken cancellationToken)
    {
        var status = _tools.Statuses.Build(pod, Record, ending, _containers.Health, _tools.Time.GetUtcNow().UtcDateTime);
        _writer.Set(status, pod.Status, cancellationToken);
        return status.Phase;
    }

    // Succeeded or Failed: nothing runs again, so nobody needs its network, and its address must not be matched by policies any more.
    private async Task FinishAsync(V1Pod pod, CancellationToken cancellationToken)
    {
        await _containers.StopAllAsync(pod, TimeSpan.Zero, Hurry(), cancellationToken);
        await _tools.Sandbox.RemoveAsync(Record, cancellationToken);
        Record.Finished = true;
        _tools.Store.Save(Record);
        Publish(pod, ending: false, cancellationToken);
    }

    // activeDeadlineSeconds: how long the Pod may still be on the node; null where nobody said.
    private TimeSpan? Left(V1Pod pod, DateTime now) => !Record.Finished && pod.Spec.ActiveDeadlineSeconds is { } seconds
        ? TimeSpan.FromTicks(Math.Max(0, (Record.StartTime + TimeSpan.FromSeconds(seconds) - now).Ticks))
        : null;

    private async Task ExpireAsync(V1Pod pod, CancellationToken cancellationToken)
    {
        const string Message = "Pod was active on the node longer than the specified deadline";
        _tools.Events.ForPod(pod, "Normal", "DeadlineExceeded", Message);
        await _containers.StopAllAsync(pod, TimeSpan.FromSeconds(pod.Spec.TerminationGracePeriodSeconds ?? 30), Hurry(), cancellationToken);
        (Record.RefusedReason, Record.RefusedMessage) = ("DeadlineExceeded", Message);
        await FinishAsync(pod, cancellationToken);
    }

    private async Task EndAsync(CancellationToken cancellationToken)
    {
        var pod = Pod;
        var seconds = Gone ? 0 : pod.Metadata.DeletionGracePeriodSeconds ?? pod.Spec.TerminationGracePeriodSeconds ?? 30;
        await _containers.StopAllAsync(pod, TimeSpan.FromSeconds(seconds), Hurry(), cancellationToken);
        _containers.Dispose();
        if (!Gone)
        {
            Publish(Pod, ending: true, cancellationToken);
            await _writer.FlushAsync();
        }

        await CleanAsync(cancellationToken);
        if (!Gone)
        {
            await DeleteObjectAsync(cancellationToken);
        }

        PodLog.Did(_tools.Logger, Title, "gone");
    }

    private async Task CleanAsync(CancellationToken cancellationToken)
    {
        await _tools.Sandbox.RemoveAsync(Record, cancellationToken);
        foreach (var id in _containers.AllIds())
        {
            await _tools.Monitor.DeleteAsync(id, cancellationToken);
            ContainerRoot.Remove(_tools.Paths.ContainerDirectory(Record.Uid, id));
        }

        _tools.Tokens.Forget(Record.Uid);
        _tools.Volumes.Release(Record.Uid);
        _tools.Store.Delete(Record.Uid);
        PodCgroup.Remove($"{_tools.Config.CgroupParent}/pod{Record.Uid}");
        var logs = _tools.Paths.PodLogs(Record.Namespace, Record.Name, Record.Uid);
        if (Directory.Exists(logs))
        {
            Directory.Delete(logs, recursive: true);
        }
    }

    // The object itself goes last, by the node, with no grace (Kubernetes: "Termination of Pods"); the UID keeps a successor safe.
    private async Task DeleteObjectAsync(CancellationToken cancellationToken)
    {
        while (!Gone)
        {
            try
            {
                await _tools.Client.CoreV1.DeleteNamespacedPodAsync(Record.Name, Record.Namespace,
                    new V1DeleteOptions { GracePeriodSeconds = 0, Preconditions = new V1Preconditions { Uid = Record.Uid } },
                    cancellationToken: cancellationToken);
                return;
            }
            catch (HttpOperationException exception) when (exception.Response.StatusCode is System.Net.HttpStatusCode.NotFound or System.Net.HttpStatusCode.Conflict)
            {
                return;
            }
            catch (Exception exception) when (exception is HttpOperationException or HttpRequestException or System.Text.Json.JsonException
                || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                PodLog.Failed(_tools.Logger, null, Title, $"its object was not deleted and is tried again: {exception.Message}");
                await Task.Delay(FailureDelay, _tools.Time, cancellationToken);
            }
        }
    }

    private V1Pod WithIp(V1Pod pod)
    {
        // The API server may not know the address yet; the data plane must, before the first process starts.
        return new V1Pod
        {
            ApiVersion = pod.ApiVersion,
            Kind = pod.Kind,
            Metadata = pod.Metadata,
            Spec = pod.Spec,
            Status = new V1PodStatus
            {
                Phase = pod.Status?.Phase ?? PodPhase.Pending,
                PodIP = Record.Ip,
                PodIPs = [.. Record.Ips.Select(ip => new V1PodIP { Ip = ip })],
                HostIP = _tools.Config.NodeIp,
            },
        };
    }

    private CancellationToken Hurry()
    {
        lock (_lock)
        {
            if (_hurry.IsCancellationRequested && !_gone)
            {
                _hurry.Dispose();
                _hurry = new CancellationTokenSource();
            }

            return _hurry.Token;
        }
    }

    private async Task WaitAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        var poked = _pokes.Reader.WaitToReadAsync(cancellationToken).AsTask();
        await Task.WhenAny(poked, Task.Delay(delay, _tools.Time, cancellationToken));
        _pokes.Reader.TryRead(out _);
    }
}
