using System.Net;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Trunkline.Node.Network.Cluster;

namespace Trunkline.Node.Network.Balancers;

/// <summary>Keeps this node's answers on the rack what the cluster says: told of changes once the rules for them are in force, beside the synchronizer's work.</summary>
/// <param name="nodeName">This node.</param>
/// <param name="apply">Makes the answers these; gives the addresses that are new here.</param>
/// <param name="announce">Tells of addresses that have come here.</param>
/// <param name="time">Clock of pauses.</param>
/// <param name="logger">Where moves and failures are told.</param>
internal sealed class RackAnnouncer(
    string nodeName, Func<IReadOnlySet<IPAddress>, IReadOnlyList<IPAddress>> apply, Action<IEnumerable<IPAddress>> announce, TimeProvider time, ILogger logger)
{
    private const int Announcements = 3; // a frame may be lost
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly BalancerBook _book = new(nodeName);
    private readonly Channel<bool> _signals = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    // The first look is always made: a former agent's answers may not be this one's.
    private bool _looked;

    public void Post(ClusterDelta delta)
    {
        lock (_lock)
        {
            if (!_book.Apply(delta) && _looked)
            {
                return;
            }

            _looked = true;
        }

        _signals.Writer.TryWrite(true);
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var fresh = new Dictionary<IPAddress, int>();
        while (await WaitAsync(fresh.Count > 0, cancellationToken))
        {
            try
            {
                Look(fresh);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                DataPlaneLog.NotAnswered(logger, exception.Message);
                await Task.Delay(Again, time, cancellationToken);
                _signals.Writer.TryWrite(true);
            }
        }
    }

    // A change, or the moment to say again what has just come here.
    private async Task<bool> WaitAsync(bool isSoon, CancellationToken cancellationToken)
    {
        var signal = _signals.Reader.WaitToReadAsync(cancellationToken).AsTask();
        if (isSoon)
        {
            await Task.WhenAny(signal, Task.Delay(Again, time, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
        }
        else if (!await signal)
        {
            return false;
        }

        _signals.Reader.TryRead(out _);
        return true;
    }

    private void Look(Dictionary<IPAddress, int> fresh)
    {
        IReadOnlySet<IPAddress> mine;
        lock (_lock)
        {
            mine = _book.Mine();
        }

        foreach (var address in apply(mine))
        {
            fresh[address] = Announcements;
            DataPlaneLog.Answers(logger, address);
        }

        foreach (var gone in fresh.Keys.Where(address => !mine.Contains(address)).ToList())
        {
            fresh.Remove(gone);
        }

        announce(fresh.Keys);
        foreach (var address in fresh.Keys.ToList())
        {
            if (--fresh[address] == 0)
            {
                fresh.Remove(address);
            }
        }
    }
}
