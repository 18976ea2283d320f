using Microsoft.Extensions.Logging;
using Trunkline.Node.Network.Flows;
using Trunkline.Node.Network.Netlink;
using Trunkline.Node.Network.Sctp;

namespace Trunkline.Node.Network.Services;

/// <summary>
/// What a node does for Services beside rules: it forgets stale flows, answers health checks, and watches SCTP that cannot pass. Made in the node's namespace.
/// </summary>
internal sealed class ServiceDuties : IDisposable
{
    private readonly SctpIndex _index = new();
    private readonly FlowSweeper _sweeper;
    private readonly HealthChecks _health;
    private readonly SctpWatch? _watch;

    public ServiceDuties(IConntrack conntrack, Func<bool> isHealthy, Action<AddressNotice> tell, TimeProvider time, ILogger logger)
    {
        _sweeper = new FlowSweeper(conntrack, time, logger);
        _health = new HealthChecks(isHealthy, time, logger);
        Notices = new AddressNotices(_index, time);
        try
        {
            _watch = new SctpWatch(Notices, tell, time, logger);
        }
        catch (NetlinkException exception)
        {
            // Somebody else listens to the log's groups: strays are dropped unanswered, and all else goes on.
            DataPlaneLog.PacketLogFailed(logger, exception.Message);
        }
    }

    /// <summary>Peers that named addresses which cannot pass.</summary>
    public AddressNotices Notices { get; }

    /// <summary>SCTP packets of unknown associations that were answered.</summary>
    public long Answered => _watch?.Answered ?? 0;

    /// <summary>Endless.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => _sweeper.RunAsync(cancellationToken);

    /// <summary>To be called when the rules for these changes are in force.</summary>
    public void Apply(IReadOnlyList<ServedChange> changes)
    {
        _health.Retry();
        foreach (var change in changes)
        {
            _index.Apply(change);
            _health.Apply(change);
        }

        _sweeper.Post(changes.SelectMany(change => change.Flows));
    }

    public void Dispose()
    {
        _health.Dispose();
        _watch?.Dispose();
    }
}
