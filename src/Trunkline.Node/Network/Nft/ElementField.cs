using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Trunkline.Node.Network.Nft;

/// <summary>One field of a set's key or of a map's value, as nft names its type, and its bytes in the kernel's registers.</summary>
internal enum ElementField
{
    Ipv4,
    Ipv6,
    Protocol,
    Port,
    Mark,
    Verdict,
}

/// <summary>Texts of fields to bytes.</summary>
internal static class ElementFields
{
    private static readonly Dictionary<string, byte> s_protocols = new(StringComparer.Ordinal)
    {
        ["tcp"] = 6,
        ["udp"] = 17,
        ["sctp"] = 132,
        ["icmp"] = 1,
        ["ipv6-icmp"] = 58,
    };

    public static int Size(this ElementField field) => field switch
    {
        ElementField.Ipv4 or ElementField.Mark => 4,
        ElementField.Ipv6 => 16,
        ElementField.Protocol => 1,
        ElementField.Port => 2,
        _ => throw new InvalidOperationException("a verdict has no size"),
    };

    /// <summary>Of a declaration's <c>type</c> or <c>typeof</c> words; null for one that elements of ours never have.</summary>
    public static ElementField? Parse(string word) => word switch
    {
        "ipv4_addr" or "ip saddr" or "ip daddr" => ElementField.Ipv4,
        "ipv6_addr" or "ip6 saddr" or "ip6 daddr" => ElementField.Ipv6,
        "inet_proto" or "meta l4proto" => ElementField.Protocol,
        "inet_service" or "th sport" or "th dport" => ElementField.Port,
        "mark" or "meta mark" or "ct mark" => ElementField.Mark,
        "verdict" => ElementField.Verdict,
        _ => null,
    };

    /// <summary>Addresses, protocols and ports in network order, marks in the host's.</summary>
    public static void Write(this ElementField field, ReadOnlySpan<char> text, Span<byte> to)
    {
        switch (field)
        {
            case ElementField.Ipv4 or ElementField.Ipv6:
                WriteAddress(field, text, to);
                break;
            case ElementField.Protocol:
                to[0] = s_protocols.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text, out var known) ? known : byte.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
                break;
            case ElementField.Port:
                BinaryPrimitives.WriteUInt16BigEndian(to, ushort.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture));
                break;
            default:
                BinaryPrimitives.WriteUInt32LittleEndian(to, uint.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture));
                break;
        }
    }

    private static void WriteAddress(ElementField field, ReadOnlySpan<char> text, Span<byte> to)
    {
        var address = IPAddress.Parse(text);
        if (address.AddressFamily != (field == ElementField.Ipv4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6) || !address.TryWriteBytes(to, out _))
        {
            throw new FormatException($"{text} is an address of the other family");
        }
    }
}
