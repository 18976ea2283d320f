using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Trunkline.Node.Network.Cluster;
using Trunkline.Node.Network.Flows;
using Trunkline.Node.Network.Nft;
using Trunkline.Node.Network.Services;

namespace Trunkline.Node.Network;

/// <summary>
/// Brings the kernel to what the cluster says, whenever that changes: what changed → parts of the rules → their difference → one transaction. After a failure, and when
/// somebody else has changed the rules, everything is written again.
/// </summary>
internal sealed class Synchronizer(
    NodeNetwork network, IClusterSource source, INftables nftables, IConntrack conntrack, Action<NodeNetwork, IReadOnlyList<NodeRecord>> setRoutes,
    TimeProvider time, ILogger logger, Action<IReadOnlyList<ServedChange>>? served = null, Action<ClusterDelta>? observed = null)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(5);

    // How long rules that somebody changed by hand stay changed, at most.
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);

    // Signals that come while a transaction runs are one more transaction, however many they are.
    private readonly Channel<bool> _signals = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Lock _lock = new();
    private readonly List<(long Wanted, TaskCompletionSource Done)> _waiting = [];
    private readonly NodeParts _parts = new(network);
    private readonly PolicyCutter _cutter = new(network.NodeName, conntrack, time, logger);
    private long _requested;

    // Of the rules as this node last left them; null where nobody knows what they are.
    private uint? _generation;

    // Somebody else's transaction came between two of ours: what it did nobody knows.
    private bool _meanwhile;
    private IReadOnlyList<NodeRecord>? _nodes;
    private volatile bool _isLook;

    /// <summary>What was last known of the cluster is in force.</summary>
    public bool IsInForce => _generation is not null;

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

    /// <summary>Completes when known flows have been held against all rules that were in force at the time of the call.</summary>
    public Task CutAsync(CancellationToken cancellationToken) => _cutter.SettledAsync().WaitAsync(cancellationToken);

    public Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(KeepAsync(cancellationToken), _cutter.RunAsync(cancellationToken));

    private async Task KeepAsync(CancellationToken cancellationToken)
    {
        var delay = FirstDelay;
        await using var look = time.CreateTimer(_ => Look(), null, LookEvery, LookEvery);
        while (await _signals.Reader.WaitToReadAsync(cancellationToken))
        {
            _signals.Reader.TryRead(out _);
            try
            {
                await SyncAsync(cancellationToken);
                if (!_meanwhile)
                {
                    delay = FirstDelay;
                    continue;
                }

                DataPlaneLog.ChangedMeanwhile(logger, delay);
            }
#pragma warning disable CA1031 // Whatever it is: a node whose rules are no longer kept is worse than one that says so and tries again.
            catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
            {
                _generation = null;
                source.Reset();
                DataPlaneLog.SyncFailed(logger, exception.Message, delay);
            }

            await Task.Delay(delay, time, cancellationToken);
            delay = delay * 2 > LongestDelay ? LongestDelay : delay * 2;
            _signals.Writer.TryWrite(true);
        }
    }

    private void Look()
    {
        _isLook = true;
        _signals.Writer.TryWrite(true);
    }

    private async Task SyncAsync(CancellationToken cancellationToken)
    {
        _meanwhile = false;
        var reached = Interlocked.Read(ref _requested);
        if (source.Take() is not { } delta)
        {
            return;
        }

        _parts.Apply(delta);
        ApplyRoutes(delta.Nodes);
        await WriteAsync(cancellationToken);
        _cutter.Post(delta);

        // Also where nothing changed: duties have work of their own to try again.
        served?.Invoke(_parts.TakeServedChanges());

        // Only now: who is told that an address is here finds the rules for it.
        observed?.Invoke(delta);
        Complete(reached);
    }

    // When nodes changed, and at each look: somebody may have changed them by hand.
    private void ApplyRoutes(IReadOnlyList<NodeRecord>? nodes)
    {
        _nodes = nodes ?? _nodes;
        if (_nodes is not null && (nodes is not null || _isLook))
        {
            _isLook = false;
            setRoutes(network, _nodes);
        }
    }

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        var found = nftables.Generation();
        var isKnown = _generation == found;
        if (!isKnown)
        {
            _parts.Table.Distrust();
        }

        var change = _parts.Table.TakeChange();
        if (change.IsEmpty)
        {
            return;
        }

        _generation = null;
        uint left;
        if (isKnown)
        {
            left = await WriteChangeAsync(change, found, cancellationToken);
        }
        else
        {
            left = await WriteAllAsync(change, found, cancellationToken);
        }

        _meanwhile = nftables.Generation() != left;
        _generation = _meanwhile ? null : left;
        var milliseconds = (long)time.GetElapsedTime(start).TotalMilliseconds;
        DataPlaneLog.Synced(logger, _parts.Table.ChainCount, _parts.Table.ElementCount, milliseconds, isKnown ? "change" : "all");
    }

    // Each of these gives the generation that it leaves behind, if nobody else writes meanwhile.
    private async Task<uint> WriteChangeAsync(RulesChange change, uint generation, CancellationToken cancellationToken)
    {
        generation = await WriteScriptAsync(change.Prepare, generation, cancellationToken);
        if (change.Elements.Count > 0)
        {
            nftables.Commit(change.Elements, generation);
            generation = After(generation);
        }

        return await WriteScriptAsync(change.CleanUp, generation, cancellationToken);
    }

    private async Task<uint> WriteScriptAsync(string script, uint generation, CancellationToken cancellationToken)
    {
        if (script.Length == 0)
        {
            return generation;
        }

        await nftables.ApplyAsync(script, cancellationToken);
        return After(generation);
    }

    // Where there is nothing, the chains that the kernel calls come last. Where there is something it stays in force until all of it is replaced at once.
    private async Task<uint> WriteAllAsync(RulesChange change, uint generation, CancellationToken cancellationToken)
    {
        var existing = await nftables.ListAsync(cancellationToken);
        var table = _parts.Table;
        if (existing.Count > 0)
        {
            return await WriteScriptAsync(RulesScript.Full(existing, table), generation, cancellationToken);
        }

        generation = await WriteScriptAsync(RulesScript.Add([.. table.Sets], [.. table.Chains.Where(chain => chain.Hook is null)]), generation, cancellationToken);
        nftables.Commit(change.Elements, generation);
        return await WriteScriptAsync(RulesScript.Add([], [.. table.Chains.Where(chain => chain.Hook is not null)]), After(generation), cancellationToken);
    }

    // nf_tables_commit counts each transaction, and leaves 0 out.
    private static uint After(uint generation) => generation == uint.MaxValue ? 1 : generation + 1;

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
