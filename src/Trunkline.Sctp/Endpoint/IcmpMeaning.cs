namespace Trunkline.Sctp.Endpoint;

/// <summary>What an ICMP error says about the way to a peer: RFC 792, RFC 1122 section 3.2.2.1, RFC 1812 section 5.2.7.1, RFC 4443; errors as Linux reads them.</summary>
internal readonly record struct IcmpMeaning(IcmpKind Kind, FailureReason Reason, string Words)
{
    private static readonly IcmpMeaning _nothing = new(IcmpKind.None, default, "");
    private static readonly IcmpMeaning _tooBig = new(IcmpKind.TooBig, default, "packet too big");

    public static IcmpMeaning Of(in IcmpError error) => error.QuotedDestination.IsIPv4 ? OfIPv4(error.Type, error.Code) : OfIPv6(error.Type, error.Code);

    private static IcmpMeaning OfIPv4(byte type, byte code) => (type, code) switch
    {
        (3, 0) => Unreachable(FailureReason.NetworkUnreachable, "network unreachable"),
        (3, 1) => Unreachable(FailureReason.HostUnreachable, "host unreachable"),
        (3, 2) => Unreachable(FailureReason.ProtocolUnreachable, "protocol unreachable"),
        (3, 3) => Unreachable(FailureReason.PortUnreachable, "port unreachable"),
        (3, 4) => _tooBig,
        (3, 5) => Unreachable(FailureReason.HostUnreachable, "source route failed"),
        (3, 6) => Unreachable(FailureReason.NetworkUnreachable, "network unknown"),
        (3, 7) => Unreachable(FailureReason.HostUnreachable, "host unknown"),
        (3, 8) => Unreachable(FailureReason.HostUnreachable, "host isolated"),
        (3, 9) => Unreachable(FailureReason.NetworkUnreachable, "network administratively prohibited"),
        (3, 10) => Unreachable(FailureReason.HostUnreachable, "host administratively prohibited"),
        (3, 11) => Unreachable(FailureReason.NetworkUnreachable, "network unreachable for this type of service"),
        (3, 12) => Unreachable(FailureReason.HostUnreachable, "host unreachable for this type of service"),
        (3, 13) => Unreachable(FailureReason.HostUnreachable, "communication administratively prohibited"),
        (3, 14) => Unreachable(FailureReason.HostUnreachable, "host precedence violation"),
        (3, 15) => Unreachable(FailureReason.HostUnreachable, "precedence cutoff in effect"),
        (11, 0) => Unreachable(FailureReason.HostUnreachable, "time to live exceeded"),
        _ => _nothing,
    };

    private static IcmpMeaning OfIPv6(byte type, byte code) => (type, code) switch
    {
        (1, 0) => Unreachable(FailureReason.NetworkUnreachable, "no route to destination"),
        (1, 1) => Unreachable(FailureReason.Prohibited, "communication administratively prohibited"),
        (1, 2) => Unreachable(FailureReason.HostUnreachable, "beyond the scope of the source address"),
        (1, 3) => Unreachable(FailureReason.HostUnreachable, "address unreachable"),
        (1, 4) => Unreachable(FailureReason.PortUnreachable, "port unreachable"),
        (1, 5) => Unreachable(FailureReason.Prohibited, "source address failed a policy"),
        (1, 6) => Unreachable(FailureReason.Prohibited, "route rejected"),
        (2, _) => _tooBig,
        (3, 0) => Unreachable(FailureReason.HostUnreachable, "hop limit exceeded"),

        // "Unrecognized Next Header" is how IPv6 says protocol unreachable (RFC 9260 section 10, ICMP8).
        (4, 1) => Unreachable(FailureReason.ProtocolUnreachable, "unrecognized next header"),
        _ => _nothing,
    };

    private static IcmpMeaning Unreachable(FailureReason reason, string words) => new(IcmpKind.Unreachable, reason, words);
}
