using System.Threading.Channels;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Trunkline.Node.Agent.Watching;
using Trunkline.Policy.Model;

namespace Trunkline.Node.Network.Secondary;

/// <summary>
/// Keeps the rules in the namespaces of this node's Pods that are on secondary networks. It begins to watch the cluster with the first such Pod: a node without one
/// pays nothing. Each Pod fails and is tried again for itself, and rules that somebody took away are back at the next look.
/// </summary>
internal sealed class SecondaryPolicies : IAsyncDisposable
{
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ISecondaryKernel _kernel;
    private readonly SecondaryFacts _facts;
    private readonly Func<CancellationToken, Task> _watch;
    private readonly ITimer _again;
    private readonly long _started;
    private readonly Channel<bool> _signals = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<string, SecondaryPod> _pods = new(StringComparer.Ordinal);
    private int _order;
    private TimeSpan _lookAt;
    private Task? _work;

    public SecondaryPolicies(Kubernetes client, string nodeName, TimeProvider time, ILogger logger)
        : this(nodeName, new SecondaryKernel(), time, logger) => _watch = token => Task.WhenAll(
            WatchAsync(client, "api/v1/pods", _facts.Pods, token), WatchAsync(client, "api/v1/namespaces", _facts.Namespaces, token),
            WatchAsync(client, "apis/k8s.cni.cncf.io/v1beta1/multi-networkpolicies", _facts.Policies, token));

    /// <summary>Without watches: whoever makes it tells the facts.</summary>
    internal SecondaryPolicies(string nodeName, ISecondaryKernel kernel, TimeProvider time, ILogger logger)
    {
        (_kernel, _time, _logger, _started) = (kernel, time, logger, time.GetTimestamp());
        _facts = new SecondaryFacts(nodeName, Signal);
        _watch = token => Task.Delay(Timeout.InfiniteTimeSpan, time, token);
        _again = time.CreateTimer(_ => Signal(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    internal SecondaryFacts Facts => _facts;

    /// <summary>How often the kernel is asked whether somebody else changed a Pod's rules.</summary>
    internal TimeSpan LookEvery { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Takes a Pod on; completes when all policies that are known are in force for it.</summary>
    public Task EnsureAsync(NetworkedPod pod, string netnsPath, CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            var entry = new SecondaryPod(pod, netnsPath, ++_order);
            entry.Waiting.AddRange([.. _pods.TryGetValue(pod.Uid, out var before) ? before.Waiting : [], done]);
            _pods[pod.Uid] = entry;
            _work ??= Task.Run(() => Task.WhenAll(_watch(_stop.Token), Kept.RunAsync(RunAsync, exception => SecondaryLog.Broke(_logger, exception), _time, _stop.Token)), CancellationToken.None);
        }

        Signal();
        return done.Task.WaitAsync(cancellationToken);
    }

    /// <summary>The Pod's namespace goes, and its rules with it.</summary>
    public void Forget(string uid)
    {
        lock (_lock)
        {
            if (_pods.Remove(uid, out var entry))
            {
                entry.Waiting.ForEach(done => done.TrySetCanceled(CancellationToken.None));
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await (_work ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _again.DisposeAsync();
        _stop.Dispose();
    }

    private void Signal() => _signals.Writer.TryWrite(true);

    private Task WatchAsync<T>(Kubernetes client, string path, IWatchSink<T> sink, CancellationToken cancellationToken)
        where T : IKubernetesObject<V1ObjectMeta>
    {
        var watch = new ResourceWatch<T>(client, path, null, sink, _time, _logger) { IsOptional = path.Contains("cncf.io", StringComparison.Ordinal) };
        return Kept.RunAsync(watch.RunAsync, exception => DataPlaneLog.WatchFailed(_logger, path, exception), _time, cancellationToken);
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        await _facts.Listed.WaitAsync(cancellationToken);
        Signal(); // whatever a predecessor that broke has taken from the channel
        while (await _signals.Reader.WaitToReadAsync(cancellationToken))
        {
            _signals.Reader.TryRead(out _);
            var wake = await RoundAsync(cancellationToken);
            var pause = wake - Now;
            _again.Change(pause > TimeSpan.Zero ? pause : TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
        }
    }

    private TimeSpan Now => _time.GetElapsedTime(_started);

    // Gives when to look again though nothing changes.
    private async Task<TimeSpan> RoundAsync(CancellationToken cancellationToken)
    {
        SecondaryPod[] pods;
        lock (_lock)
        {
            pods = [.. _pods.Values.OrderBy(entry => entry.Order)];
        }

        var look = Now >= _lookAt;
        _lookAt = look ? Now + LookEvery : _lookAt;
        var clusters = new Dictionary<string, PolicyCluster>(StringComparer.Ordinal);
        foreach (var entry in pods.Where(entry => entry.NotBefore <= Now))
        {
            await ApplyAsync(entry, ClusterOn, look, cancellationToken);
        }

        return pods.Select(entry => entry.Wake).OfType<TimeSpan>().Append(_lookAt).Min();

        PolicyCluster ClusterOn(string network) => clusters.TryGetValue(network, out var known) ? known : clusters[network] = _facts.On(network, pods.Select(entry => entry.Pod));
    }

    private async Task ApplyAsync(SecondaryPod entry, Func<string, PolicyCluster> clusterOn, bool look, CancellationToken cancellationToken)
    {
        try
        {
            await WriteAsync(entry, clusterOn, look, cancellationToken);
            lock (_lock)
            {
                entry.Succeeded();
                entry.Waiting.ForEach(done => done.TrySetResult());
                entry.Waiting.Clear();
            }
        }
#pragma warning disable CA1031 // Whatever it is: Pods whose rules are no longer kept are worse than a node that says so and tries again.
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            entry.Failed(Now);
            lock (_lock)
            {
                if (!_pods.ContainsValue(entry))
                {
                    return; // its namespace went while we were at it
                }
            }

            SecondaryLog.NotInForce(_logger, entry.Pod.Pod.Namespace, entry.Pod.Pod.Name, exception.Message);
        }
    }

    private async Task WriteAsync(SecondaryPod entry, Func<string, PolicyCluster> clusterOn, bool look, CancellationToken cancellationToken)
    {
        // As the cluster knows it by now: labels decide which policies select it.
        var current = _facts.Current(entry.Pod);
        var script = SecondaryRules.Script(current, clusterOn);
        if (entry.Applied != script || (look && _kernel.Generation(entry.Netns) != entry.Generation))
        {
            entry.Wrote(script, await _kernel.WriteAsync(entry.Netns, script, cancellationToken));
        }

        if (entry.Sweeps > 0 && entry.SweepAt <= Now)
        {
            if (_kernel.Sweep(current, entry.Netns, clusterOn) is > 0 and var count)
            {
                SecondaryLog.Cut(_logger, entry.Pod.Pod.Namespace, entry.Pod.Pod.Name, count);
            }

            entry.Swept(Now);
        }
    }
}
