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
}
