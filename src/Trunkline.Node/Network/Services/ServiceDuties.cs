using Microsoft.Extensions.Logging;
using Trunkline.Node.Network.Flows;
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
    private readonly SctpWatch _watch;
    private bool _isFirst = true;

    public ServiceDuties(NodeNetwork network, IConntrack conntrack, Func<bool> isHealthy, Action<AddressNotice> tell, TimeProvider time, ILogger logger)
    {
        _sweeper = new FlowSweeper(network, conntrack, time, logger);
        _health = new HealthChecks(isHealthy, time, logger);
        _watch = new SctpWatch(new AddressNotices(_index, time), conntrack, tell, time, logger);
    }

    /// <summary>Endless.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => _sweeper.RunAsync(cancellationToken);

    /// <summary>To be called when the rules for these changes are in force. The first time they are all there is.</summary>
    public void Apply(IReadOnlyList<ServedChange> changes)
    {
        _health.Retry();
        foreach (var change in changes)
        {
            _index.Apply(change);
            _health.Apply(change);
        }

        if (_isFirst)
        {
            _isFirst = false;
            _sweeper.PostStrangers(changes.SelectMany(change => change.After?.Frontends ?? []).Select(frontend => frontend.Key));
        }

        _sweeper.Post(changes.SelectMany(change => change.Flows));
    }

    public void Dispose()
    {
        _health.Dispose();
        _watch.Dispose();
    }
}
