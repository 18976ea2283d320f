namespace Trunkline.Sctp.Endpoint;

/// <summary>A look at one association. Times are microseconds, sizes bytes.</summary>
public readonly record struct AssociationInfo
{
    public AssociationState State { get; init; }

    public SctpAddress LocalAddress { get; init; }

    public ushort LocalPort { get; init; }

    public SctpAddress PeerAddress { get; init; }

    public ushort PeerPort { get; init; }

    /// <summary>The tag in packets to us.</summary>
    public uint LocalTag { get; init; }

    /// <summary>The tag in packets to the peer.</summary>
    public uint PeerTag { get; init; }

    public ushort InboundStreams { get; init; }

    public ushort OutboundStreams { get; init; }

    public long SmoothedRoundTrip { get; init; }

    public long RetransmissionTimeout { get; init; }

    public int CongestionWindow { get; init; }

    public int SlowStartThreshold { get; init; }

    public int PathMtu { get; init; }

    public int BytesInFlight { get; init; }

    public int PeerReceiveWindow { get; init; }

    /// <summary>Memory charged for what is to be sent or acknowledged.</summary>
    public int SendBufferUsed { get; init; }

    public int SendBufferLimit { get; init; }

    /// <summary>Memory charged for what arrived and is unread.</summary>
    public int ReceiveBufferUsed { get; init; }

    public long RetransmittedChunks { get; init; }

    public AssociationFailure? Failure { get; init; }
}
