using System.Buffers.Binary;

namespace Trunkline.Operations.Captures;

/// <summary>Reads a pcap file as tcpdump writes it on this machine's own byte order, Ethernet frames only.</summary>
public static class PcapReader
{
    private const int FileHeader = 24;
    private const int RecordHeader = 16;

    /// <summary>The IPv4 packets of a capture, in order. A record cut off at the end is left out.</summary>
    public static IReadOnlyList<CapturedPacket> Read(ReadOnlySpan<byte> file)
    {
        var packets = new List<CapturedPacket>();
        for (var at = FileHeader; at + RecordHeader <= file.Length;)
        {
            var length = (int)BinaryPrimitives.ReadUInt32LittleEndian(file[(at + 8)..]);
            at += RecordHeader;
            if (length < 0 || at + length > file.Length)
            {
                break;
            }

            if (PacketDecoder.Ethernet(file.Slice(at, length)) is { } packet)
            {
                packets.Add(packet);
            }

            at += length;
        }

        return packets;
    }
}
