namespace Trunkline.Sctp.Endpoint;

/// <summary>Why an association ended without order.</summary>
public enum FailureReason
{
    /// <summary>The peer answered INIT or COOKIE ECHO with ABORT (ECONNREFUSED).</summary>
    Refused,

    /// <summary>The peer sent ABORT on an established association (ECONNRESET).</summary>
    PeerAborted,

    /// <summary>INIT or COOKIE ECHO was never answered (ETIMEDOUT).</summary>
    ConnectTimeout,

    /// <summary>Association.Max.Retrans was passed (ETIMEDOUT).</summary>
    RetransmissionLimit,

    /// <summary>SHUTDOWN was never answered, or T5 expired (ETIMEDOUT).</summary>
    ShutdownTimeout,

    /// <summary>ICMP: the peer's machine has no SCTP (EPROTONOSUPPORT/ECONNREFUSED; RFC 9260 section 10, ICMP5).</summary>
    ProtocolUnreachable,

    /// <summary>ICMP: port unreachable (ECONNREFUSED).</summary>
    PortUnreachable,

    /// <summary>ICMP while INIT was unanswered: no way to the network (ENETUNREACH).</summary>
    NetworkUnreachable,

    /// <summary>ICMP while INIT was unanswered: no way to the host, or IPv4's "administratively prohibited" (EHOSTUNREACH).</summary>
    HostUnreachable,

    /// <summary>ICMPv6 while INIT was unanswered: administratively prohibited (EACCES).</summary>
    Prohibited,

    /// <summary>The program called Abort (ECONNABORTED).</summary>
    LocalAbort,

    /// <summary>The peer broke the protocol, and we sent ABORT (EPROTO).</summary>
    ProtocolViolation,

    /// <summary>The peer's cookie came back stale too often.</summary>
    StaleCookie,

    /// <summary>The peer restarted: what was unacknowledged is lost (RFC 9260 section 5.2.4 A).</summary>
    PeerRestarted,

    /// <summary>A ceiling of this endpoint was met.</summary>
    ResourceLimit,
}
