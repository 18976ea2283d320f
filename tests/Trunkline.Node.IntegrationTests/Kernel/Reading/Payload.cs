using Trunkline.Node.IntegrationTests.Kernel.Expressions;

namespace Trunkline.Node.IntegrationTests.Kernel.Reading;

/// <summary>Fields of headers. A field of a protocol is there only in packets of it; <c>th</c> is whatever follows the IP header.</summary>
internal static class Payload
{
    private const int Icmp = 1, Tcp = 6, Udp = 17, Icmpv6 = 58, Sctp = 132;

    public static Expression Field(string protocol, string field) => (protocol, field) switch
    {
        ("ip", "saddr") => new FieldExpression(FieldKind.Ipv4, walk => walk.IsIpv6 ? null : walk.SourceNumber),
        ("ip", "daddr") => new FieldExpression(FieldKind.Ipv4, walk => walk.IsIpv6 ? null : walk.DestinationNumber),
        ("ip6", "saddr") => new FieldExpression(FieldKind.Ipv6, walk => walk.IsIpv6 ? walk.SourceNumber : null),
        ("ip6", "daddr") => new FieldExpression(FieldKind.Ipv6, walk => walk.IsIpv6 ? walk.DestinationNumber : null),
        ("ip", "protocol") => new FieldExpression(FieldKind.Protocol, walk => walk.IsIpv6 ? null : (UInt128)walk.Packet.Protocol),
        ("ip6", "nexthdr") => new FieldExpression(FieldKind.Protocol, walk => walk.IsIpv6 ? (UInt128)walk.Packet.Protocol : null),
        ("icmp", "type") => new FieldExpression(FieldKind.IcmpType, walk => walk.Packet.Protocol == Icmp ? (UInt128)(walk.Packet.SourcePort >> 8) : null),
        ("icmpv6", "type") => new FieldExpression(FieldKind.Icmpv6Type, walk => walk.Packet.Protocol == Icmpv6 ? (UInt128)(walk.Packet.SourcePort >> 8) : null),
        ("tcp", "flags") => new FieldExpression(FieldKind.TcpFlags, walk => walk.Packet.Protocol == Tcp ? walk.Packet.TcpFlags : null),
        ("sctp", "vtag") => new FieldExpression(FieldKind.Number, walk => walk.Packet.Protocol == Sctp ? walk.Packet.VerificationTag : null),
        (_, "sport") => Port(protocol, walk => (UInt128)walk.Packet.SourcePort),
        (_, "dport") => Port(protocol, walk => (UInt128)walk.DestinationPort),
        _ => throw new UnknownRuleException($"{protocol} {field}"),
    };

    private static FieldExpression Port(string protocol, Func<Walk, UInt128> read)
    {
        int? only = protocol switch
        {
            "th" => null,
            "tcp" => Tcp,
            "udp" => Udp,
            "sctp" => Sctp,
            _ => throw new UnknownRuleException($"ports of {protocol}"),
        };
        return new FieldExpression(FieldKind.Number, walk => only is null || walk.Packet.Protocol == only ? read(walk) : null);
    }
}
