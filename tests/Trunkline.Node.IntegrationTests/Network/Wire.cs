using System.Buffers.Binary;
using System.Net;
using Trunkline.Policy.Model;

namespace Trunkline.Node.IntegrationTests.Network;

/// <summary>Packets by hand: a TCP SYN, an SCTP INIT or a UDP datagram, each with a good checksum; and what a capture says of one.</summary>
internal static class Wire
{
    public static byte[] Packet(IPAddress source, IPAddress destination, TransportProtocol protocol, int sourcePort, int destinationPort)
    {
        var transport = protocol switch
        {
            TransportProtocol.Tcp => Syn(sourcePort, destinationPort),
            TransportProtocol.Udp => Datagram(sourcePort, destinationPort),
            _ => Init(sourcePort, destinationPort),
        };
        return Packet(source, destination, protocol, transport);
    }

    private static byte[] Packet(IPAddress source, IPAddress destination, TransportProtocol protocol, byte[] transport)
    {
        var isIpv6 = source.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;
        var (header, place, size) = isIpv6 ? (40, 8, 16) : (20, 12, 4);
        var packet = new byte[header + transport.Length];
        if (isIpv6)
        {
            (packet[0], packet[6], packet[7]) = (0x60, (byte)protocol, 64);
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), (ushort)transport.Length);
        }
        else
        {
            (packet[0], packet[8], packet[9]) = (0x45, 64, (byte)protocol);
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)packet.Length);
        }

        source.TryWriteBytes(packet.AsSpan(place), out _);
        destination.TryWriteBytes(packet.AsSpan(place + size), out _);
        transport.CopyTo(packet, header);
        if (protocol != TransportProtocol.Sctp)
        {
            var sum = Sum(packet.AsSpan(place, size * 2)) + (uint)protocol + (uint)transport.Length + Sum(transport);
            sum = (sum & 0xFFFF) + (sum >> 16);
            sum = (sum & 0xFFFF) + (sum >> 16);
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(header + (protocol == TransportProtocol.Tcp ? 16 : 6)), (ushort)~sum);
        }

        return packet;
    }

    public static uint Crc32c(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
            }
        }

        return ~crc;
    }

    /// <summary>RFC 9260 section 6.8 and appendix A.</summary>
    public static bool HasGoodCrc(ReadOnlySpan<byte> sctp)
    {
        var copy = sctp.ToArray();
        var written = BinaryPrimitives.ReadUInt32LittleEndian(copy.AsSpan(8));
        copy.AsSpan(8, 4).Clear();
        return Crc32c(copy) == written;
    }

    /// <summary>One SCTP chunk of a few bytes, with its association's tag; its first word is an INIT's own tag, DATA's TSN.</summary>
    public static byte[] Sctp(IPAddress source, IPAddress destination, int sourcePort, int destinationPort, uint tag, byte chunk, uint? value = null)
    {
        var sctp = Ports(32, sourcePort, destinationPort);
        BinaryPrimitives.WriteUInt32BigEndian(sctp.AsSpan(4), tag);
        (sctp[12], sctp[13], sctp[15]) = (chunk, chunk == 0 ? (byte)3 : (byte)0, 20);
        if (chunk is 4 or 5)
        {
            (sctp[17], sctp[19]) = (1, 16); // Heartbeat Info
        }

        if (value is { } word)
        {
            BinaryPrimitives.WriteUInt32BigEndian(sctp.AsSpan(16), word);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(sctp.AsSpan(8), Crc32c(sctp));
        return Packet(source, destination, TransportProtocol.Sctp, sctp);
    }

    /// <summary>An INIT, or an INIT ACK, that lists addresses.</summary>
    public static byte[] Init(IPAddress source, IPAddress destination, int sourcePort, int destinationPort, uint tag, byte chunk, IReadOnlyList<IPAddress> listed)
    {
        var parameters = listed.SelectMany(address => address.GetAddressBytes() is { Length: 4 } v4 ? [0, 5, 0, 8, .. v4] : new byte[] { 0, 6, 0, 20 }.Concat(address.GetAddressBytes()));
        byte[] sctp = [.. Init(sourcePort, destinationPort), .. parameters];
        (sctp[12], sctp[15]) = (chunk, (byte)(sctp.Length - 12));
        BinaryPrimitives.WriteUInt32BigEndian(sctp.AsSpan(4), tag);
        sctp.AsSpan(8, 4).Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(sctp.AsSpan(8), Crc32c(sctp));
        return Packet(source, destination, TransportProtocol.Sctp, sctp);
    }

    public const byte TcpReset = 4;

    /// <summary>A TCP segment with these flags.</summary>
    public static byte[] Tcp(IPAddress source, IPAddress destination, int sourcePort, int destinationPort, byte flags)
    {
        var segment = Syn(sourcePort, destinationPort);
        segment[13] = flags;
        return Packet(source, destination, TransportProtocol.Tcp, segment);
    }

    public static byte[] Tcp(IPAddress source, IPAddress destination, int sourcePort, int destinationPort, byte flags, uint sequence, uint acknowledged, byte[] payload)
    {
        byte[] segment = [.. Syn(sourcePort, destinationPort), .. payload];
        BinaryPrimitives.WriteUInt32BigEndian(segment.AsSpan(4), sequence);
        BinaryPrimitives.WriteUInt32BigEndian(segment.AsSpan(8), acknowledged);
        (segment[13], segment[14], segment[15]) = (flags, 0xFF, 0xFF);
        return Packet(source, destination, TransportProtocol.Tcp, segment);
    }

    public static byte[] Datagram(IPAddress source, IPAddress destination, int sourcePort, int destinationPort, byte[] payload)
    {
        var datagram = Ports(8 + payload.Length, sourcePort, destinationPort);
        datagram[5] = (byte)datagram.Length;
        payload.CopyTo(datagram, 8);
        return Packet(source, destination, TransportProtocol.Udp, datagram);
    }

    /// <summary>IPv4: an echo request or its answer (RFC 792).</summary>
    public static byte[] Echo(IPAddress source, IPAddress destination, bool isReply, int identifier, byte[] payload)
    {
        byte[] echo = [isReply ? (byte)0 : (byte)8, 0, 0, 0, (byte)(identifier >> 8), (byte)identifier, 0, 1, .. payload];
        var sum = Sum(echo);
        sum = (sum & 0xFFFF) + (sum >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(echo.AsSpan(2), (ushort)~(sum + (sum >> 16)));
        byte[] packet = [0x45, 0, 0, (byte)(20 + echo.Length), 0, 0, 0, 0, 64, 1, 0, 0, .. source.GetAddressBytes(), .. destination.GetAddressBytes(), .. echo];
        return packet;
    }

    private static byte[] Syn(int source, int destination)
    {
        var bytes = Ports(20, source, destination);
        (bytes[7], bytes[12], bytes[13]) = (1, 0x50, 2);
        return bytes;
    }

    private static byte[] Datagram(int source, int destination)
    {
        var bytes = Ports(12, source, destination);
        bytes[5] = 12;
        "ping"u8.CopyTo(bytes.AsSpan(8));
        return bytes;
    }

    private static byte[] Init(int source, int destination)
    {
        var bytes = Ports(32, source, destination);
        (bytes[12], bytes[15]) = (1, 20);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(16), 0x01020304);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(20), 65536);
        (bytes[25], bytes[27], bytes[31]) = (10, 10, 1);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), Crc32c(bytes));
        return bytes;
    }

    private static byte[] Ports(int length, int source, int destination)
    {
        var bytes = new byte[length];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)source);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), (ushort)destination);
        return bytes;
    }

    private static uint Sum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (var i = 0; i < bytes.Length; i += 2)
        {
            sum += (uint)(bytes[i] << 8 | (i + 1 < bytes.Length ? bytes[i + 1] : 0));
        }

        return sum;
    }
}
