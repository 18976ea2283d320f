using System.Buffers.Binary;
using System.Net;
using System.Numerics;

namespace Trunkline.Operations.Captures;

/// <summary>Decodes IPv4 packets far enough for a verdict. Never throws: what it cannot read it leaves out.</summary>
public static class PacketDecoder
{
    private const int EthernetHeader = 14;
    private const int SctpHeader = 12;

    /// <summary>Decodes an Ethernet frame; null when it holds no whole IPv4 header.</summary>
    public static CapturedPacket? Ethernet(ReadOnlySpan<byte> frame) =>
        frame.Length > EthernetHeader && BinaryPrimitives.ReadUInt16BigEndian(frame[12..]) == 0x0800 ? IPv4(frame[EthernetHeader..]) : null;

    /// <summary>Decodes an IPv4 packet.</summary>
    public static CapturedPacket? IPv4(ReadOnlySpan<byte> packet)
    {
        if (packet.Length < 20 || packet[0] >> 4 != 4)
        {
            return null;
        }

        var headerLength = (packet[0] & 0x0F) * 4;
        var total = Math.Min(BinaryPrimitives.ReadUInt16BigEndian(packet[2..]), packet.Length);
        if (headerLength < 20 || total < headerLength)
        {
            return null;
        }

        var bare = new CapturedPacket
        {
            Source = new IPAddress(packet.Slice(12, 4)),
            Destination = new IPAddress(packet.Slice(16, 4)),
            Protocol = packet[9],
        };
        var payload = packet[headerLength..total];
        return bare.Protocol switch
        {
            1 when payload.Length >= 2 => bare with { Icmp = (payload[0], payload[1]) },
            132 when payload.Length >= SctpHeader => Sctp(bare, payload),
            6 or 17 when payload.Length >= 4 => WithPorts(bare, payload),
            _ => bare,
        };
    }

    private static CapturedPacket WithPorts(CapturedPacket bare, ReadOnlySpan<byte> payload) => bare with
    {
        SourcePort = BinaryPrimitives.ReadUInt16BigEndian(payload),
        DestinationPort = BinaryPrimitives.ReadUInt16BigEndian(payload[2..]),
    };

    private static CapturedPacket Sctp(CapturedPacket bare, ReadOnlySpan<byte> payload)
    {
        var names = new List<string>();
        var data = new List<byte[]>();
        for (var rest = payload[SctpHeader..]; rest.Length >= 4;)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
            if (length < 4 || length > rest.Length)
            {
                break;
            }

            names.Add(SctpChunkNames.Of(rest[0]));
            if (rest[0] == 0 && length >= 16)
            {
                data.Add(rest[16..length].ToArray());
            }

            rest = rest[Math.Min((length + 3) & ~3, rest.Length)..];
        }

        return WithPorts(bare, payload) with
        {
            VerificationTag = BinaryPrimitives.ReadUInt32BigEndian(payload[4..]),
            Chunks = names,
            UserData = data,
            ChecksumGood = Crc32c(payload) == BinaryPrimitives.ReadUInt32LittleEndian(payload[8..]),
        };
    }

    // RFC 9260 appendix A: over the whole packet, the checksum field taken as zero, sent least significant byte first.
    private static uint Crc32c(ReadOnlySpan<byte> packet)
    {
        var crc = uint.MaxValue;
        for (var i = 0; i < packet.Length; i++)
        {
            crc = BitOperations.Crc32C(crc, i is >= 8 and < 12 ? (byte)0 : packet[i]);
        }

        return ~crc;
    }
}
