namespace Trunkline.Sctp.Endpoint;

/// <summary>What happened to packets since the endpoint was made. Read them under the endpoint's turn.</summary>
public sealed class EndpointCounters
{
    public long PacketsReceived { get; internal set; }

    public long PacketsSent { get; internal set; }

    /// <summary>Too short, or its chunks do not fit it.</summary>
    public long Malformed { get; internal set; }

    public long BadChecksum { get; internal set; }

    /// <summary>The verification tag is not the one section 8.5 asks for: blind attacks end here.</summary>
    public long BadVerificationTag { get; internal set; }

    /// <summary>Belongs to no association and no listener (section 8.4).</summary>
    public long OutOfTheBlue { get; internal set; }

    public long NotUnicast { get; internal set; }

    /// <summary>A COOKIE ECHO we did not make, or whose contents fit neither packet nor association.</summary>
    public long BadCookie { get; internal set; }

    public long StaleCookie { get; internal set; }

    /// <summary>ICMP errors that quote no packet of ours.</summary>
    public long IcmpIgnored { get; internal set; }

    public long UnknownChunk { get; internal set; }

    /// <summary>Chunks that do not belong to the association's state, or contradict it.</summary>
    public long UnexpectedChunk { get; internal set; }

    /// <summary>DATA chunks dropped because a buffer was full.</summary>
    public long DataDroppedForBuffer { get; internal set; }

    public long DuplicateData { get; internal set; }

    public long RefusedForLimit { get; internal set; }

    public long AbortsSent { get; internal set; }

    public long AbortsReceived { get; internal set; }

    public long RetransmittedChunks { get; internal set; }

    public long FastRetransmits { get; internal set; }

    public long TimerRetransmits { get; internal set; }
}
