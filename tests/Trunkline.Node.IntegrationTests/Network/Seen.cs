using System.Buffers.Binary;
using System.Net;

namespace Trunkline.Node.IntegrationTests.Network;

/// <summary>A packet that arrived; of IPv6 only transport and errors, not the chatter of neighbours.</summary>
internal sealed record Seen(IPAddress Source, IPAddress Destination, int Protocol, byte[] Transport)
{
    /// <summary>All of it, its IP header first.</summary>
    public byte[] Packet { get; init; } = [];

    public int SourcePort => BinaryPrimitives.ReadUInt16BigEndian(Transport);

    public int DestinationPort => BinaryPrimitives.ReadUInt16BigEndian(Transport.AsSpan(2));

    public bool IsIcmp(int type, int code) => Protocol == 1 && Transport[0] == type && Transport[1] == code;

    public static Seen? Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= 48 && bytes[0] >> 4 == 6)
        {
            var end = 40 + BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]);
            return end > bytes.Length || end < 48 || bytes[6] is not (6 or 17 or 132 or 58) || (bytes[6] == 58 && bytes[40] != 1)
                ? null
                : new Seen(new IPAddress(bytes[8..24]), new IPAddress(bytes[24..40]), bytes[6], bytes[40..end].ToArray()) { Packet = bytes[..end].ToArray() };
        }

        if (bytes.Length < 20 || bytes[0] >> 4 != 4)
        {
            return null;
        }

        var header = (bytes[0] & 15) * 4;
        int total = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        return total < header + 8 || total > bytes.Length
            ? null
            : new Seen(new IPAddress(bytes[12..16]), new IPAddress(bytes[16..20]), bytes[9], bytes[header..total].ToArray()) { Packet = bytes[..total].ToArray() };
    }

    public override string ToString() => Protocol == 1
        ? $"{Source} → {Destination} ICMP {Transport[0]}/{Transport[1]}"
        : $"{Source}:{SourcePort} → {Destination}:{DestinationPort} protocol {Protocol}";
}
