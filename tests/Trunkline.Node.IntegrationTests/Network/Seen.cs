using System.Buffers.Binary;
using System.Net;

namespace Trunkline.Node.IntegrationTests.Network;

/// <summary>An IPv4 packet that arrived.</summary>
internal sealed record Seen(IPAddress Source, IPAddress Destination, int Protocol, byte[] Transport)
{
    public int SourcePort => BinaryPrimitives.ReadUInt16BigEndian(Transport);

    public int DestinationPort => BinaryPrimitives.ReadUInt16BigEndian(Transport.AsSpan(2));

    public bool IsIcmp(int type, int code) => Protocol == 1 && Transport[0] == type && Transport[1] == code;

    public static Seen? Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 20 || bytes[0] >> 4 != 4)
        {
            return null;
        }

        var header = (bytes[0] & 15) * 4;
        int total = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        return total < header + 8 || total > bytes.Length
            ? null
            : new Seen(new IPAddress(bytes[12..16]), new IPAddress(bytes[16..20]), bytes[9], bytes[header..total].ToArray());
    }

    public override string ToString() => Protocol == 1
        ? $"{Source} → {Destination} ICMP {Transport[0]}/{Transport[1]}"
        : $"{Source}:{SourcePort} → {Destination}:{DestinationPort} protocol {Protocol}";
}
