namespace Trunkline.Sctp.Service;

/// <summary>What getsockopt and setsockopt of the service know. Times are milliseconds.</summary>
internal enum ServiceOption : ushort
{
    OutboundStreams = 1,
    MaxInitRetransmissions = 2,
    RtoInitial = 3,
    RtoMin = 4,
    RtoMax = 5,
    HeartbeatInterval = 6,

    /// <summary>From here on only to read, of a connected association.</summary>
    State = 100,
    LocalTag = 101,
    PeerTag = 102,
    PathMtu = 103,
    CongestionWindow = 104,
    SmoothedRoundTrip = 105,

    /// <summary>From here on only to read, of the namespace: what Linux shows in /proc/net/sctp/snmp. Counters wrap at 32 bits.</summary>
    PacketsReceived = 200,
    PacketsSent = 201,
    Malformed = 202,
    BadChecksum = 203,
    BadVerificationTag = 204,
    OutOfTheBlue = 205,
    BadCookie = 206,
    UnexpectedChunk = 207,
    IcmpIgnored = 208,
    RetransmittedChunks = 209,
    Associations = 210,
}
