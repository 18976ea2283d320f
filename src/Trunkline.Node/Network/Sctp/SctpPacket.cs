using System.Buffers.Binary;
using System.Net;

namespace Trunkline.Node.Network.Sctp;

/// <summary>An SCTP packet in its IP header, as the kernel logged it. Bytes of anybody: what does not fit is no packet.</summary>
internal readonly ref struct SctpPacket
{
    public const byte Protocol = 132;
    public const int CommonHeader = 12;
    private const int Ipv4Header = 20, Ipv6Header = 40;

    private SctpPacket(IPAddress source, IPAddress destination, ReadOnlySpan<byte> transport)
    {
        (Source, Destination) = (source, destination);
        Transport = transport;
    }

    public IPAddress Source { get; }

    public IPAddress Destination { get; }

    /// <summary>From the common header on.</summary>
    public ReadOnlySpan<byte> Transport { get; }

    public int SourcePort => BinaryPrimitives.ReadUInt16BigEndian(Transport);

    public int DestinationPort => BinaryPrimitives.ReadUInt16BigEndian(Transport[2..]);

    public uint Tag => BinaryPrimitives.ReadUInt32BigEndian(Transport[4..]);

    public SctpChunks Chunks => new(Transport[CommonHeader..]);

    public static bool TryRead(ReadOnlySpan<byte> bytes, out SctpPacket packet)
    {
        packet = default;
        if (bytes.Length == 0)
        {
            return false;
        }

        return (bytes[0] >> 4) switch
        {
            4 => TryReadV4(bytes, out packet),
            6 => TryReadV6(bytes, out packet),
            _ => false,
        };
    }

    private static bool TryReadV4(ReadOnlySpan<byte> bytes, out SctpPacket packet)
    {
        packet = default;
        var header = (bytes[0] & 15) * 4;
        if (header < Ipv4Header || bytes.Length < header)
        {
            return false;
        }

        int total = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        var isFragment = (BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]) & 0x3FFF) != 0;
        if (total < header + CommonHeader || total > bytes.Length || isFragment || bytes[9] != Protocol)
        {
            return false;
        }

        packet = new SctpPacket(new IPAddress(bytes[12..16]), new IPAddress(bytes[16..20]), bytes[header..total]);
        return true;
    }

    // Extension headers before SCTP are nobody's here: hosts in the cluster send none, and others' packets with them are only dropped.
    private static bool TryReadV6(ReadOnlySpan<byte> bytes, out SctpPacket packet)
    {
        packet = default;
        if (bytes.Length < Ipv6Header + CommonHeader || bytes[6] != Protocol)
        {
            return false;
        }

        var total = Ipv6Header + BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]);
        if (total < Ipv6Header + CommonHeader || total > bytes.Length)
        {
            return false;
        }

        packet = new SctpPacket(new IPAddress(bytes[8..24]), new IPAddress(bytes[24..40]), bytes[Ipv6Header..total]);
        return true;
    }
}
