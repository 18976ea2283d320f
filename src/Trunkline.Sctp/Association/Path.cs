using Trunkline.Sctp.Endpoint;
using Trunkline.Sctp.Wire;

namespace Trunkline.Sctp.Association;

/// <summary>One way to the peer: its round trip, retransmission timeout, congestion window, MTU, heartbeat and errors (RFC 9260 section 5.3, 6.3, 8.2, 8.3).</summary>
internal sealed class Path
{
    private const int MinimumMtuIPv4 = 576;
    private const int MinimumMtuIPv6 = 1280;
    private readonly AssociationOptions _options;
    private long _roundTripVariation;

    public Path(SctpAddress local, SctpAddress peer, AssociationOptions options)
    {
        _options = options;
        Local = local;
        Peer = peer;
        Mtu = Math.Clamp(options.PathMtu, MinimumMtu, 65535);
        Rto = options.RtoInitial;
        Congestion = new RenoCongestionControl(DataSize);
    }

    public SctpAddress Local { get; }

    public SctpAddress Peer { get; }

    public ICongestionControl Congestion { get; }

    /// <summary>Size of an IP packet.</summary>
    public int Mtu { get; private set; }

    /// <summary>Size of an SCTP packet, common header included, padded chunks and all.</summary>
    public int PacketSize => (Mtu - (Peer.IsIPv4 ? 20 : 40)) & ~3;

    /// <summary>User data of the largest DATA chunk (PMDCS less its header).</summary>
    public int DataSize => Math.Min(PacketSize - CommonHeader.Size - DataChunk.HeaderSize, BlockPool.LargestBlock);

    public long Rto { get; private set; }

    /// <summary>0 before the first measurement.</summary>
    public long SmoothedRoundTrip { get; private set; }

    /// <summary>Timeouts in a row.</summary>
    public int Errors { get; private set; }

    /// <summary>Section 8.2. With one path an inactive one stays in use; the association's own limit ends it.</summary>
    public bool IsActive => Errors <= _options.PathMaxRetransmissions;

    public long LastDataSentAt { get; set; }

    public ulong HeartbeatNonce { get; set; }

    public long HeartbeatSentAt { get; set; }

    public bool HeartbeatOutstanding { get; set; }

    private long MeasuredRto => SmoothedRoundTrip == 0
        ? _options.RtoInitial
        : Math.Clamp(SmoothedRoundTrip + Math.Max(4 * _roundTripVariation, 1), _options.RtoMin, _options.RtoMax);

    private int MinimumMtu => Peer.IsIPv4 ? MinimumMtuIPv4 : MinimumMtuIPv6;

    /// <summary>Section 6.3.1.</summary>
    public void ObserveRoundTrip(long measured)
    {
        measured = Math.Max(measured, 0);
        if (SmoothedRoundTrip == 0)
        {
            SmoothedRoundTrip = Math.Max(measured, 1);
            _roundTripVariation = measured / 2;
        }
        else
        {
            _roundTripVariation += (Math.Abs(SmoothedRoundTrip - measured) - _roundTripVariation) / 4;
            SmoothedRoundTrip = Math.Max(SmoothedRoundTrip + ((measured - SmoothedRoundTrip) / 8), 1);
        }

        Rto = MeasuredRto;
    }

    /// <summary>
    /// New data was acknowledged. Where every outstanding chunk was sent twice there is no measurement (Karn) that would end the back-off, and
    /// each further loss would wait a minute; halving it keeps some caution should the round trip really have grown.
    /// </summary>
    public void ObserveProgress() => Rto = Math.Min(Rto, Math.Max(MeasuredRto, Rto / 2));

    public void BackOff() => Rto = Math.Min(Rto * 2, _options.RtoMax);

    public void CountError() => Errors++;

    public void ClearErrors() => Errors = 0;

    /// <summary>Takes a smaller MTU; sizes below what every link must carry are not believed.</summary>
    public bool LowerMtu(int mtu)
    {
        mtu = Math.Max(mtu, MinimumMtu);
        if (mtu >= Mtu)
        {
            return false;
        }

        Mtu = mtu;
        Congestion.DataSizeChanged(DataSize);
        return true;
    }

    /// <summary>Section 7.2.1: a window not used decays, once an RTO.</summary>
    public void DecayIfIdle(long now)
    {
        var timeouts = (now - LastDataSentAt) / Rto;
        if (LastDataSentAt != 0 && timeouts > 0)
        {
            Congestion.Idle((int)Math.Min(timeouts, int.MaxValue));
        }
    }
}
