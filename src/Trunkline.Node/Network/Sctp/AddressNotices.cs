using System.Net;

namespace Trunkline.Node.Network.Sctp;

/// <summary>
/// Counts peers that name addresses which cannot pass, by Service and peer, and says when somebody is to be told: at once, and then about the same peer once in a while,
/// and not about more peers than anybody would read. Bounded, whoever sends what.
/// </summary>
internal sealed class AddressNotices(SctpIndex index, TimeProvider time)
{
    private const int MostPeers = 4096, MostToldAMinute = 20;
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(10);
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Service, IPAddress Peer), (long Count, long Told)> _peers = [];
    private long _uncounted;
    private long _minute;
    private int _toldThisMinute;

    /// <summary>How often each was seen; the rest, of peers beyond the bound, in one number.</summary>
    public (IReadOnlyList<(string Service, IPAddress Peer, long Count)> Peers, long Others) Counted()
    {
        lock (_lock)
        {
            return ([.. _peers.Select(pair => (pair.Key.Service, pair.Key.Peer, pair.Value.Count))], _uncounted);
        }
    }

    /// <summary>Something to tell, or null: no Service's, known well enough, or one too many.</summary>
    public AddressNotice? Note(ListedAddresses listed)
    {
        var service = listed.IsAnswer ? index.ByEndpoint(listed.Source, listed.SourcePort) : index.ByFrontend(listed.Destination, listed.DestinationPort);
        if (service is null)
        {
            return null;
        }

        var key = ($"{service.Namespace}/{service.Name}", listed.Source);
        lock (_lock)
        {
            return Count(key) ? new AddressNotice(service, listed.Source, listed.IsAnswer, listed.Addresses) : null;
        }
    }

    private bool Count((string Service, IPAddress Peer) key)
    {
        if (!_peers.TryGetValue(key, out var known) && _peers.Count >= MostPeers)
        {
            _uncounted++;
            return false;
        }

        var now = time.GetTimestamp();
        var isDue = known.Count == 0 || time.GetElapsedTime(known.Told, now) >= Silence;
        var tells = isDue && IsRoom(now);
        _peers[key] = (known.Count + 1, tells ? now : known.Told);
        return tells;
    }

    private bool IsRoom(long now)
    {
        var minute = now / (time.TimestampFrequency * 60);
        (_minute, _toldThisMinute) = minute == _minute ? (_minute, _toldThisMinute + 1) : (minute, 1);
        return _toldThisMinute <= MostToldAMinute;
    }
}
