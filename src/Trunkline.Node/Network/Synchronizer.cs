using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Trunkline.Node.Network.Cluster;
using Trunkline.Node.Network.Flows;
using Trunkline.Node.Network.Links;
using Trunkline.Node.Network.Nft;
using Trunkline.Node.Network.Services;

namespace Trunkline.Node.Network;

/// <summary>
/// Brings the kernel to what the cluster says, whenever that changes: facts → ruleset → difference → one transaction. After a failure everything is written again.
/// </summary>
internal sealed class Synchronizer(
    NodeNetwork network, Func<ClusterSnapshot?> snapshot, INftables nftables, IConntrack conntrack, Action<NodeNetwork, IReadOnlyList<NodeRecord>> setRoutes,
    TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(5);

    // Signals that come while a transaction runs are one more transaction, however many they are.
    private readonly Channel<bool> _signals = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Lock _lock = new();
    private readonly List<(long Wanted, TaskCompletionSource Done)> _waiting = [];
    private long _requested;
    private Ruleset? _applied;
    private string _routes = "";

    public void Signal()
    {
        Interlocked.Increment(ref _requested);
        _signals.Writer.TryWrite(true);
    }

    /// <summary>Completes when all that was known at the time of the call is in force.</summary>
    public Task WaitAsync(CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _waiting.Add((Interlocked.Increment(ref _requested), done));
        }

        _signals.Writer.TryWrite(true);
        return done.Task.WaitAsync(cancellationToken);
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var delay = FirstDelay;
        while (await _signals.Reader.WaitToReadAsync(cancellationToken))
        {
            _signals.Reader.TryRead(out _);
            try
            {
                await SyncAsync(cancellationToken);
                delay = FirstDelay;
            }
#pragma warning disable CA1031 // Whatever it is: a node whose rules are no longer kept is worse than one that says so and tries again.
            catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
            {
                _applied = null;
                DataPlaneLog.SyncFailed(logger, exception.Message, delay);
                await Task.Delay(delay, time, cancellationToken);
                delay = delay * 2 > LongestDelay ? LongestDelay : delay * 2;
                _signals.Writer.TryWrite(true);
            }
        }
    }

    private async Task SyncAsync(CancellationToken cancellationToken)
    {
        var reached = Interlocked.Read(ref _requested);
        if (snapshot() is not { } cluster)
        {
            return;
        }

        IReadOnlyList<ServicePort> services =
            [.. ServiceTable.Build(cluster.Services, cluster.Slices, network.NodeName, network.NodeAddress), .. HostPorts.Of(cluster.WithHostPorts, network)];
        var target = NodeRules.Build(network, cluster.Policies, cluster.Nodes.SelectMany(node => node.Addresses), services);
        ApplyRoutes(cluster);
        if (await WriteAsync(target, cancellationToken))
        {
            Forget(cluster, services);
        }

        Complete(reached);
    }

    private void ApplyRoutes(ClusterSnapshot cluster)
    {
        var routes = string.Join('\n', NodeRoutes.Wanted(network, cluster.Nodes, 1));
        if (routes != _routes)
        {
            setRoutes(network, cluster.Nodes);
            _routes = routes;
        }
    }

    private async Task<bool> WriteAsync(Ruleset target, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        var script = _applied is null
            ? RulesetScript.Full(await nftables.ListAsync(cancellationToken), target)
            : RulesetScript.Change(_applied, target);
        if (script.Length == 0)
        {
            return false;
        }

        await nftables.ApplyAsync(script, cancellationToken);
        var milliseconds = (long)time.GetElapsedTime(start).TotalMilliseconds;
        DataPlaneLog.Synced(logger, target.Chains.Count, target.ElementCount, milliseconds, _applied is null ? "all" : "change");
        _applied = target;
        return true;
    }

    private void Forget(ClusterSnapshot cluster, IReadOnlyList<ServicePort> services)
    {
        var flows = conntrack.List();
        Remove(StaleFlows.Denied(flows, cluster.Policies, network.NodeName), "policies no longer allow them");
        Remove(StaleFlows.WithoutEndpoint(flows, services), "their endpoint has gone");
    }

    private void Remove(IEnumerable<TrackedFlow> flows, string reason)
    {
        var count = flows.Count(conntrack.Remove);
        if (count > 0)
        {
            DataPlaneLog.Forgot(logger, count, reason);
        }
    }

    private void Complete(long reached)
    {
        lock (_lock)
        {
            foreach (var (_, done) in _waiting.Where(item => item.Wanted <= reached))
            {
                done.TrySetResult();
            }

            _waiting.RemoveAll(item => item.Wanted <= reached || item.Done.Task.IsCompleted);
        }
    }
}
