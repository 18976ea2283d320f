using System.Net;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Trunkline.Node.Network.Cluster;
using Trunkline.Node.Network.Policies;
using Trunkline.Policy.Model;

namespace Trunkline.Node.Network.Flows;

/// <summary>
/// Ends known flows that policies no longer allow, beside the way on which rules change: what changes while it looks is one look more, however much it is. Where a change
/// reaches few addresses the kernel is asked for their flows only.
/// </summary>
internal sealed class PolicyCutter(string nodeName, IConntrack conntrack, TimeProvider time, ILogger logger)
{
    private const int FewAddresses = 4;

    // A packet that met the old rules may enter its flow after the list was made.
    private static readonly TimeSpan SecondLook = TimeSpan.FromMilliseconds(200);

    // Under constant change it looks so often and no more.
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(20);
    private readonly Channel<bool> _signals = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Lock _lock = new();
    private readonly PolicyReach _reach = new(nodeName);
    private readonly Queue<(long Since, HashSet<IPAddress>? Reached)> _again = new();
    private List<ClusterDelta> _due = [];
    private Lazy<PolicyCluster>? _cluster;
    private TaskCompletionSource _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>To be called when the rules that deny are in force.</summary>
    public void Post(ClusterDelta delta)
    {
        if (!delta.TouchesPolicies)
        {
            return;
        }

        lock (_lock)
        {
            _due.Add(delta);
        }

        _signals.Writer.TryWrite(true);
    }

    /// <summary>Completes when the flows have been looked at for all that was posted before the call.</summary>
    public Task SettledAsync()
    {
        lock (_lock)
        {
            _signals.Writer.TryWrite(true);
            return _settled.Task;
        }
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await NextAsync(cancellationToken);
            List<ClusterDelta> due;
            TaskCompletionSource settled;
            lock (_lock)
            {
                (due, _due) = (_due, []);
                (settled, _settled) = (_settled, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            }

            Look(due);
            settled.TrySetResult();
            await Task.Delay(Breath, time, cancellationToken);
        }
    }

    private async Task NextAsync(CancellationToken cancellationToken)
    {
        var signal = _signals.Reader.WaitToReadAsync(cancellationToken).AsTask();
        if (_again.Count == 0)
        {
            await signal;
        }
        else if (SecondLook - time.GetElapsedTime(_again.Peek().Since) is { Ticks: > 0 } left)
        {
            await Task.WhenAny(signal, Task.Delay(left, time, cancellationToken));
        }

        cancellationToken.ThrowIfCancellationRequested();
        _signals.Reader.TryRead(out _);
    }

    private void Look(List<ClusterDelta> due)
    {
        var reached = new List<HashSet<IPAddress>?>();
        foreach (var delta in due)
        {
            var addresses = _reach.Apply(delta);
            if (addresses is not { Count: 0 })
            {
                reached.Add(addresses);
                _again.Enqueue((time.GetTimestamp(), addresses));
            }

            _cluster = delta.Cluster;
        }

        while (_again.TryPeek(out var second) && time.GetElapsedTime(second.Since) >= SecondLook)
        {
            reached.Add(_again.Dequeue().Reached);
        }

        if (reached.Count > 0)
        {
            Try(reached.Contains(null) ? null : [.. reached.SelectMany(addresses => addresses!)]);
        }

        if (_again.Count == 0)
        {
            _cluster = null; // a whole cluster, which nobody needs until the next change
        }
    }

    private void Try(HashSet<IPAddress>? reached)
    {
        try
        {
            if (StaleFlows.Denied(FlowsOf(reached), _cluster!, nodeName).Count(Cut) is > 0 and var count)
            {
                DataPlaneLog.Forgot(logger, count, "policies no longer allow them");
            }
        }
#pragma warning disable CA1031 // Whatever it is, it is told and tried again: flows that nobody cuts would live for months.
        catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
        {
            DataPlaneLog.FlowsNotCut(logger, exception.Message);
            _again.Enqueue((time.GetTimestamp(), reached));
        }
    }

    private List<TrackedFlow> FlowsOf(HashSet<IPAddress>? reached)
    {
        var flows = reached is { Count: <= FewAddresses } ? reached.SelectMany(StaleFlows.FiltersOf).SelectMany(conntrack.List).Distinct() : conntrack.List();
        return
        [
            .. flows.Where(flow => (_reach.IsHere(flow.Source) || _reach.IsHere(flow.Target))
                && (reached is null || reached.Contains(flow.Source) || reached.Contains(flow.Target))),
        ];
    }

    // A datagram of the server's would begin the flow anew, and what the denied client sends would be its replies. So a flow of UDP stays, and each of its packets is judged
    // for itself, until one of its client's is allowed again.
    private bool Cut(TrackedFlow flow) => flow.Protocol != (int)TransportProtocol.Udp ? conntrack.Remove(flow)
        : (flow.Mark & PolicyRules.DoubtMark) == 0 && conntrack.Mark(flow, PolicyRules.DoubtMark);
}
