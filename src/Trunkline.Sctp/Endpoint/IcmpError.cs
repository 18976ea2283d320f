namespace Trunkline.Sctp.Endpoint;

/// <summary>An ICMP or ICMPv6 error about a packet of ours. The quoted bytes are from our SCTP common header on; they may be cut short.</summary>
public readonly ref struct IcmpError
{
    public IcmpError(byte type, byte code, int mtu, SctpAddress reporter, SctpAddress quotedSource, SctpAddress quotedDestination, ReadOnlySpan<byte> quotedPacket)
    {
        Type = type;
        Code = code;
        Mtu = mtu;
        Reporter = reporter;
        QuotedSource = quotedSource;
        QuotedDestination = quotedDestination;
        QuotedPacket = quotedPacket;
    }

    public byte Type { get; }

    public byte Code { get; }

    /// <summary>Next-hop MTU of "fragmentation needed" and "packet too big" (an IP size), else 0.</summary>
    public int Mtu { get; }

    /// <summary>Who sent the ICMP message.</summary>
    public SctpAddress Reporter { get; }

    public SctpAddress QuotedSource { get; }

    public SctpAddress QuotedDestination { get; }

    public ReadOnlySpan<byte> QuotedPacket { get; }
}
