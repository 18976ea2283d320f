using System.Net;

namespace Trunkline.Node.Network.Sctp;

/// <summary>
/// Counts peers that name addresses which cannot pass, by Service and peer, and says when somebody is to be told: at once, and then about the same peer once in a while with
/// how often it was seen, and not about more peers of a Service than anybody would read. Bounded, whoever sends what: who was not seen for longest is forgotten.
/// </summary>
internal sealed class AddressNotices(SctpIndex index, TimeProvider time)
{
    private const int MostPeers = 4096, MostToldAMinute = 20;
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(10);
    private readonly Dictionary<(string Service, IPAddress Peer), LinkedListNode<Seen>> _peers = [];

    // The longest unseen first.
    private readonly LinkedList<Seen> _order = new();
    private readonly Dictionary<string, int> _toldThisMinute = new(StringComparer.Ordinal);
    private long _minute;

    private sealed record Seen((string Service, IPAddress Peer) Key)
    {
        public int Times { get; set; }

        /// <summary>Null: never.</summary>
        public long? Told { get; set; }
    }

    /// <summary>Something to tell, or null: no Service's, known well enough, or one too many. By one thread.</summary>
    /// <param name="listed">What a packet says.</param>
    /// <param name="frontend">Where its flow's first packet was sent to: an endpoint may be several Services', and this is the one of which the client asked.</param>
    public AddressNotice? Note(ListedAddresses listed, (IPAddress Address, int Port) frontend)
    {
        if (index.ByFrontend(frontend.Address, frontend.Port) is not { } service)
        {
            return null;
        }

        return Count(($"{service.Namespace}/{service.Name}", listed.Source)) is { } times
            ? new AddressNotice(service, listed.Source, listed.IsAnswer, listed.Addresses, times)
            : null;
    }

    private int? Count((string Service, IPAddress Peer) key)
    {
        var seen = Find(key);
        seen.Times++;
        var now = time.GetTimestamp();
        if ((seen.Told is { } told && time.GetElapsedTime(told, now) < Silence) || !IsRoom(key.Service, now))
        {
            return null;
        }

        var times = seen.Times;
        (seen.Told, seen.Times) = (now, 0);
        return times;
    }

    private Seen Find((string Service, IPAddress Peer) key)
    {
        if (_peers.TryGetValue(key, out var node))
        {
            _order.Remove(node);
        }
        else
        {
            if (_peers.Count >= MostPeers)
            {
                _peers.Remove(_order.First!.Value.Key);
                _order.RemoveFirst();
            }

            _peers[key] = node = new LinkedListNode<Seen>(new Seen(key));
        }

        _order.AddLast(node);
        return node.Value;
    }

    // Of each Service for itself: whoever floods one does not hide what is to be told of another.
    private bool IsRoom(string service, long now)
    {
        var minute = now / (time.TimestampFrequency * 60);
        if (minute != _minute)
        {
            _toldThisMinute.Clear();
            _minute = minute;
        }

        var told = _toldThisMinute.GetValueOrDefault(service);
        if (told >= MostToldAMinute)
        {
            return false;
        }

        _toldThisMinute[service] = told + 1;
        return true;
    }
}
