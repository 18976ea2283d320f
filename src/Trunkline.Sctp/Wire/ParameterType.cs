namespace Trunkline.Sctp.Wire;

/// <summary>Parameters of INIT, INIT ACK and HEARTBEAT (RFC 9260 section 3.3).</summary>
internal enum ParameterType : ushort
{
    HeartbeatInfo = 1,
    IPv4Address = 5,
    IPv6Address = 6,
    StateCookie = 7,
    Unrecognized = 8,
    CookiePreservative = 9,
    HostName = 11,
    SupportedAddressTypes = 12,
}
