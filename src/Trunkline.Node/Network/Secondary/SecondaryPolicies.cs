using System.Net;
using System.Threading.Channels;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Trunkline.Node.Agent.Watching;
using Trunkline.Node.Network.Flows;
using Trunkline.Node.Network.Netlink;
using Trunkline.Policy.Evaluation;
using Trunkline.Policy.Model;

namespace Trunkline.Node.Network.Secondary;

/// <summary>
/// Keeps the rules in the namespaces of this node's Pods that are on secondary networks. It begins to watch the cluster with the first such Pod: a node without one
/// pays nothing.
/// </summary>
internal sealed class SecondaryPolicies : IAsyncDisposable
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(5);

    // A packet that met the old rules may enter its flow after the list was made.
    private static readonly TimeSpan SecondLook = TimeSpan.FromMilliseconds(200);
    private readonly Kubernetes _client;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SecondaryFacts _facts;
    private readonly ITimer _again;
    private readonly Channel<bool> _signals = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (NetworkedPod Pod, string Netns)> _pods = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _applied = new(StringComparer.Ordinal);
    private readonly List<(string Uid, TaskCompletionSource Done)> _waiting = [];
    private HashSet<string> _sweepAgain = new(StringComparer.Ordinal);
    private Task? _work;

    public SecondaryPolicies(Kubernetes client, TimeProvider time, ILogger logger)
    {
        (_client, _time, _logger) = (client, time, logger);
        _facts = new SecondaryFacts(Signal);
        _again = time.CreateTimer(_ => Signal(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Takes a Pod on; completes when all policies that are known are in force for it.</summary>
    public Task EnsureAsync(string uid, NetworkedPod pod, string netnsPath, CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _pods[uid] = (pod, netnsPath);
            _applied.Remove(uid);
            _waiting.Add((uid, done));
            _work ??= Task.Run(() => RunAsync(_stop.Token), CancellationToken.None);
        }

        Signal();
        return done.Task.WaitAsync(cancellationToken);
    }

    /// <summary>The Pod's namespace goes, and its rules with it.</summary>
    public void Forget(string uid)
    {
        lock (_lock)
        {
            _pods.Remove(uid);
            _applied.Remove(uid);
            foreach (var (_, done) in _waiting.Where(item => item.Uid == uid))
            {
                done.TrySetCanceled(CancellationToken.None);
            }

            _waiting.RemoveAll(item => item.Uid == uid);
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

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        var watches = Task.WhenAll(
            Watch("api/v1/pods", _facts.Pods).RunAsync(cancellationToken),
            Watch("api/v1/namespaces", _facts.Namespaces).RunAsync(cancellationToken),
            Watch("apis/k8s.cni.cncf.io/v1beta1/multi-networkpolicies", _facts.Policies).RunAsync(cancellationToken));
        await _facts.Listed.WaitAsync(cancellationToken);
        var delay = FirstDelay;
        while (await _signals.Reader.WaitToReadAsync(cancellationToken))
        {
            _signals.Reader.TryRead(out _);
            if (await SyncAsync(cancellationToken))
            {
                delay = FirstDelay;
                continue;
            }

            await Task.Delay(delay, _time, cancellationToken);
            delay = delay * 2 > LongestDelay ? LongestDelay : delay * 2;
            Signal();
        }

        await watches;
    }

    private ResourceWatch<T> Watch<T>(string path, IWatchSink<T> sink)
        where T : IKubernetesObject<V1ObjectMeta> => new(_client, path, null, sink, _time, _logger) { IsOptional = path.Contains("cncf.io", StringComparison.Ordinal) };

    // False where one Pod's rules could not be written.
    private async Task<bool> SyncAsync(CancellationToken cancellationToken)
    {
        Dictionary<string, (NetworkedPod Pod, string Netns)> pods;
        HashSet<string> sweep;
        lock (_lock)
        {
            pods = new(_pods, StringComparer.Ordinal);
            (sweep, _sweepAgain) = (_sweepAgain, new HashSet<string>(StringComparer.Ordinal));
        }

        var local = pods.Values.ToDictionary(item => $"{item.Pod.Pod.Namespace}/{item.Pod.Pod.Name}", item => item.Pod, StringComparer.Ordinal);
        var clusters = new Dictionary<string, PolicyCluster>(StringComparer.Ordinal);
        var well = true;
        foreach (var (uid, (pod, netns)) in pods)
        {
            try
            {
                await ApplyAsync(uid, pod, netns, ClusterOn, sweep.Contains(uid), cancellationToken);
            }
#pragma warning disable CA1031 // Whatever it is: Pods whose rules are no longer kept are worse than a node that says so and tries again.
            catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
            {
                lock (_lock)
                {
                    if (!_pods.ContainsKey(uid))
                    {
                        continue; // its namespace went while we were at it
                    }
                }

                well = false;
                SecondaryLog.NotInForce(_logger, pod.Pod.Namespace, pod.Pod.Name, exception.Message);
            }
        }

        return well;

        PolicyCluster ClusterOn(string network) => clusters.TryGetValue(network, out var known) ? known : clusters[network] = _facts.On(network, local);
    }

    private async Task ApplyAsync(string uid, NetworkedPod pod, string netns, Func<string, PolicyCluster> clusterOn, bool sweep, CancellationToken cancellationToken)
    {
        // As the cluster knows it by now: labels decide which policies select it.
        var current = pod with { Pod = clusterOn(pod.Networks[0].Network).Pods.FirstOrDefault(item => item.Namespace == pod.Pod.Namespace && item.Name == pod.Pod.Name) ?? pod.Pod };
        var script = SecondaryRules.Script(current, clusterOn);
        bool isNew;
        lock (_lock)
        {
            isNew = _applied.GetValueOrDefault(uid) != script;
        }

        if (isNew)
        {
            await NamespaceCommand.NftAsync(netns, script, cancellationToken);
        }

        if (isNew || sweep)
        {
            Sweep(current, netns, clusterOn);
        }

        lock (_lock)
        {
            if (isNew && _pods.ContainsKey(uid))
            {
                _applied[uid] = script;
                _sweepAgain.Add(uid);
                _again.Change(SecondLook, Timeout.InfiniteTimeSpan);
            }

            foreach (var (_, done) in _waiting.Where(item => item.Uid == uid))
            {
                done.TrySetResult();
            }

            _waiting.RemoveAll(item => item.Uid == uid);
        }
    }

    // What stands and is no longer allowed is forgotten, so that its next packet is judged anew; what is allowed is left alone.
    private void Sweep(NetworkedPod pod, string netns, Func<string, PolicyCluster> clusterOn)
    {
        using var conntrack = NamespaceThread.Run(netns, () => new ConntrackNetlink());
        var flows = conntrack.List().Where(flow => Enum.IsDefined((TransportProtocol)flow.Protocol)).ToList();
        var count = 0;
        foreach (var network in pod.Networks)
        {
            var own = network.Addresses.Select(IPAddress.Parse).ToHashSet();
            count += flows.Count(flow => IsDenied(flow, own, clusterOn(network.Network)) && conntrack.Remove(flow));
        }

        if (count > 0)
        {
            SecondaryLog.Cut(_logger, pod.Pod.Namespace, pod.Pod.Name, count);
        }
    }

    private static bool IsDenied(TrackedFlow flow, HashSet<IPAddress> own, PolicyCluster cluster)
    {
        if (!own.Contains(flow.Source) && !own.Contains(flow.Target))
        {
            return false;
        }

        var verdict = PolicyEvaluator.Evaluate(cluster, FlowEnd.Of(flow.Source), FlowEnd.Of(flow.Target), (TransportProtocol)flow.Protocol, flow.TargetPort);
        return (own.Contains(flow.Source) && !verdict.Egress.Allowed) || (own.Contains(flow.Target) && !verdict.Ingress.Allowed);
    }
}
