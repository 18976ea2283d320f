namespace Trunkline.Sctp.Endpoint;

/// <summary>Parameters of one association. Times are microseconds; defaults are those of RFC 9260 section 16 unless said.</summary>
public sealed record AssociationOptions
{
    public static AssociationOptions Default { get; } = new();

    /// <summary>RTO.Initial, 1 s.</summary>
    public long RtoInitial { get; init; } = 1_000_000;

    /// <summary>RTO.Min, 1 s.</summary>
    public long RtoMin { get; init; } = 1_000_000;

    /// <summary>RTO.Max, 60 s.</summary>
    public long RtoMax { get; init; } = 60_000_000;

    /// <summary>HB.interval, 30 s; 0 switches heartbeats off.</summary>
    public long HeartbeatInterval { get; init; } = 30_000_000;

    /// <summary>Path.Max.Retrans, 5.</summary>
    public int PathMaxRetransmissions { get; init; } = 5;

    /// <summary>Association.Max.Retrans, 10.</summary>
    public int AssociationMaxRetransmissions { get; init; } = 10;

    /// <summary>Max.Init.Retransmits, 8.</summary>
    public int MaxInitRetransmissions { get; init; } = 8;

    /// <summary>Max.Burst, 4 packets.</summary>
    public int MaxBurst { get; init; } = 4;

    /// <summary>Delay of an acknowledgement, 200 ms (section 6.2; never more than 500 ms).</summary>
    public long SackDelay { get; init; } = 200_000;

    /// <summary>T5-shutdown-guard, 5 × RTO.Max (section 9.2).</summary>
    public long ShutdownGuard { get; init; } = 300_000_000;

    /// <summary>Streams we ask for, 10 (as Linux).</summary>
    public ushort OutboundStreams { get; init; } = 10;

    /// <summary>Streams we let the peer have, 2048 (as Linux).</summary>
    public ushort MaxInboundStreams { get; init; } = 2048;

    /// <summary>Memory for what is sent and unacknowledged, overhead included, 256 KiB.</summary>
    public int SendBuffer { get; init; } = 256 * 1024;

    /// <summary>Memory for what arrived and is unread, overhead included; also the largest a_rwnd, 256 KiB.</summary>
    public int ReceiveBuffer { get; init; } = 256 * 1024;

    /// <summary>The path's MTU at first, an IP packet's size, 1500.</summary>
    public int PathMtu { get; init; } = 1500;

    /// <summary>Refuses what the machine could not run with, where it is asked for and not when a packet comes.</summary>
    internal AssociationOptions Validated()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(RtoMin, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(RtoMax, RtoMin);
        ArgumentOutOfRangeException.ThrowIfLessThan(RtoInitial, RtoMin);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(RtoInitial, RtoMax);
        ArgumentOutOfRangeException.ThrowIfNegative(HeartbeatInterval);
        ArgumentOutOfRangeException.ThrowIfNegative(PathMaxRetransmissions);
        ArgumentOutOfRangeException.ThrowIfNegative(AssociationMaxRetransmissions);
        ArgumentOutOfRangeException.ThrowIfNegative(MaxInitRetransmissions);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxBurst, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(SackDelay);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(SackDelay, 500_000);
        ArgumentOutOfRangeException.ThrowIfNegative(ShutdownGuard);
        ArgumentOutOfRangeException.ThrowIfLessThan(OutboundStreams, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxInboundStreams, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(SendBuffer, 1);

        // A peer must refuse an INIT with a smaller window (section 3.3.2).
        ArgumentOutOfRangeException.ThrowIfLessThan(ReceiveBuffer, 1500);
        return this;
    }
}
