using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Trunkline.Node.Network.Sctp;

/// <summary>
/// What is said to a packet of an association nobody here knows (out of the blue, RFC 9260 section 8.4), in the name of the address and port it was sent to. Its sender
/// takes its association for lost, and begins a new one, which the rules translate. Pure; never more bytes than came.
/// </summary>
internal static class StrayAnswer
{
    private const int Init = 1, Abort = 6, ShutdownAck = 8, Error = 9, CookieAck = 11, ShutdownComplete = 14;
    private const int StaleCookie = 3;
    private const byte TagReflected = 1, HopLimit = 64;
    private const int ChunkHeader = 4, Ipv4Header = 20, Ipv6Header = 40;

    /// <summary>An IP packet, or null where nothing is to be said.</summary>
    public static byte[]? To(ReadOnlySpan<byte> bytes)
    {
        if (!SctpPacket.TryRead(bytes, out var packet) || !IsUnicast(packet.Source) || !IsUnicast(packet.Destination)
            || packet.SourcePort == 0 || packet.DestinationPort == 0 || !Crc32c.IsGood(packet.Transport))
        {
            return null;
        }

        return Answer(packet) is { } chunk ? Write(packet, (byte)chunk) : null;
    }

    private static int? Answer(SctpPacket packet)
    {
        var chunks = packet.Chunks;
        int? first = null;
        while (chunks.Next())
        {
            first ??= chunks.Type;
            if (IsLeftAlone(chunks))
            {
                return null;
            }
        }

        // An INIT is never without a flow: one that conntrack refuses has a tag, and that is to be discarded (section 8.5.1 A).
        return first is null or Init || chunks.IsBroken ? null : first == ShutdownAck ? ShutdownComplete : Abort;
    }

    // Section 8.4, items 2, 6 and 7. Whatever ends an association is never answered by an end.
    private static bool IsLeftAlone(SctpChunks chunk) =>
        chunk.Type is Abort or ShutdownComplete or CookieAck || (chunk.Type == Error && HasStaleCookie(chunk.Value));

    private static bool HasStaleCookie(ReadOnlySpan<byte> causes)
    {
        var walk = new SctpChunks(causes, parameters: true);
        while (walk.Next())
        {
            if (walk.Type == StaleCookie)
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsUnicast(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6
        ? !address.IsIPv6Multicast && !address.Equals(IPAddress.IPv6Any)
        : address.GetAddressBytes() is [> 0 and < 224, ..];

    private static byte[] Write(SctpPacket packet, byte chunk)
    {
        var isV4 = packet.Source.AddressFamily == AddressFamily.InterNetwork;
        var header = isV4 ? Ipv4Header : Ipv6Header;
        var answer = new byte[header + SctpPacket.CommonHeader + ChunkHeader];
        if (isV4)
        {
            WriteV4(answer, packet);
        }
        else
        {
            WriteV6(answer, packet);
        }

        var transport = answer.AsSpan(header);
        BinaryPrimitives.WriteUInt16BigEndian(transport, (ushort)packet.DestinationPort);
        BinaryPrimitives.WriteUInt16BigEndian(transport[2..], (ushort)packet.SourcePort);
        BinaryPrimitives.WriteUInt32BigEndian(transport[4..], packet.Tag);
        (transport[12], transport[13], transport[15]) = (chunk, TagReflected, ChunkHeader);
        Crc32c.Write(transport);
        return answer;
    }

    private static void WriteV4(Span<byte> answer, SctpPacket packet)
    {
        (answer[0], answer[6], answer[8], answer[9]) = (0x45, 0x40, HopLimit, SctpPacket.Protocol);
        BinaryPrimitives.WriteUInt16BigEndian(answer[2..], (ushort)answer.Length);
        _ = packet.Destination.TryWriteBytes(answer[12..], out _);
        _ = packet.Source.TryWriteBytes(answer[16..], out _);
        uint sum = 0;
        for (var index = 0; index < Ipv4Header; index += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(answer[index..]);
        }

        sum = (sum & 0xFFFF) + (sum >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(answer[10..], (ushort)~((sum & 0xFFFF) + (sum >> 16)));
    }

    private static void WriteV6(Span<byte> answer, SctpPacket packet)
    {
        (answer[0], answer[6], answer[7]) = (0x60, SctpPacket.Protocol, HopLimit);
        BinaryPrimitives.WriteUInt16BigEndian(answer[4..], (ushort)(answer.Length - Ipv6Header));
        _ = packet.Destination.TryWriteBytes(answer[8..], out _);
        _ = packet.Source.TryWriteBytes(answer[24..], out _);
    }
}
