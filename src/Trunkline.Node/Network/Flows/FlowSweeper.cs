using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Trunkline.Policy.Model;

namespace Trunkline.Node.Network.Flows;

/// <summary>
/// Makes the kernel forget stale flows, beside the way on which rules change: what changes while it works is one more round, however much it is. Few frontends are asked
/// for one by one (the kernel hands over their flows only), many by one list of all.
/// </summary>
/// <param name="network">Whose Services these are.</param>
/// <param name="conntrack">The kernel's table.</param>
/// <param name="time">Clock of the second look.</param>
/// <param name="logger">Where it is told.</param>
internal sealed class FlowSweeper(NodeNetwork network, IConntrack conntrack, TimeProvider time, ILogger logger)
{
    private const int FewFrontends = 8, FirstNodePort = 30000, LastNodePort = 32767;

    // A packet that met the old rules may enter its flow after the list was made.
    private static readonly TimeSpan SecondLook = TimeSpan.FromMilliseconds(200);
    private readonly Channel<bool> _signals = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Lock _lock = new();
    private Dictionary<string, FrontendFlows> _due = new(StringComparer.Ordinal);

    // All frontends there are, while flows to others are still to be looked for.
    private HashSet<string>? _known;

    /// <summary>Once, when the whole cluster is known: flows to what went while no agent looked are nobody's.</summary>
    public void PostStrangers(IEnumerable<string> known)
    {
        lock (_lock)
        {
            _known = new HashSet<string>(known, StringComparer.Ordinal);
        }

        _signals.Writer.TryWrite(true);
    }

    /// <summary>To be called when the rules that make flows stale are in force.</summary>
    public void Post(IEnumerable<FrontendFlows> frontends)
    {
        lock (_lock)
        {
            foreach (var frontend in frontends)
            {
                _due[frontend.Key] = frontend;
                _known?.Add(frontend.Key);
            }
        }

        _signals.Writer.TryWrite(true);
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (await _signals.Reader.WaitToReadAsync(cancellationToken))
        {
            _signals.Reader.TryRead(out _);
            Dictionary<string, FrontendFlows> due;
            lock (_lock)
            {
                (due, _due) = (_due, new Dictionary<string, FrontendFlows>(StringComparer.Ordinal));
            }

            if (due.Count > 0 || _known is not null)
            {
                Try(due);
                await Task.Delay(SecondLook, time, cancellationToken);
                Try(due);
                TryStrangers();
            }
        }
    }

    /// <summary>How many were forgotten.</summary>
    public int Sweep(IReadOnlyDictionary<string, FrontendFlows> frontends)
    {
        var flows = frontends.Count <= FewFrontends
            ? frontends.Values.SelectMany(frontend => conntrack.List(frontend.Filter))
            : conntrack.List();
        return flows.Count(flow => Enum.IsDefined((TransportProtocol)flow.Protocol)
            && frontends.TryGetValue(Services.Frontend.KeyOf(flow.Destination, (TransportProtocol)flow.Protocol, flow.DestinationPort), out var frontend)
            && frontend.IsStale(flow) && conntrack.Remove(flow));
    }

    /// <summary>A flow that an agent's rules translated: to a Service's address, to a nodePort of this node, or from any other address to a Pod (load balancers, hostPorts).</summary>
    public bool IsOurs(TrackedFlow flow) => flow.IsTranslated && (TransportProtocol)flow.Protocol is TransportProtocol.Sctp or TransportProtocol.Udp
        && (network.ServicesOf(Services.ServiceFamily.Of(flow.Destination)).Contains(flow.Destination) || network.PodsOf(Services.ServiceFamily.Of(flow.Target)).Contains(flow.Target)
            || (flow.DestinationPort is >= FirstNodePort and <= LastNodePort && network.NodeAddresses.Contains(flow.Destination)));

    private void TryStrangers()
    {
        lock (_lock)
        {
            if (_known is not { } known)
            {
                return;
            }

            try
            {
                var count = conntrack.List().Count(flow => IsOurs(flow)
                    && !known.Contains(Services.Frontend.KeyOf(flow.Destination, (TransportProtocol)flow.Protocol, flow.DestinationPort)) && conntrack.Remove(flow));
                _known = null;
                if (count > 0)
                {
                    DataPlaneLog.Forgot(logger, count, "their Service has gone while no agent looked");
                }
            }
            catch (Netlink.NetlinkException exception)
            {
                DataPlaneLog.FlowsNotForgotten(logger, known.Count, exception.Message);
                _signals.Writer.TryWrite(true);
            }
        }
    }

    private void Try(Dictionary<string, FrontendFlows> frontends)
    {
        try
        {
            if (Sweep(frontends) is > 0 and var count)
            {
                DataPlaneLog.Forgot(logger, count, "their endpoint has gone");
            }
        }
        catch (Netlink.NetlinkException exception)
        {
            // The kernel had no room for its answer; nothing waits for it, and they are due again.
            DataPlaneLog.FlowsNotForgotten(logger, frontends.Count, exception.Message);
            lock (_lock)
            {
                foreach (var (key, frontend) in frontends)
                {
                    _due.TryAdd(key, frontend);
                }
            }

            _signals.Writer.TryWrite(true);
        }
    }
}
