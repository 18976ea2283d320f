using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Numerics;

namespace Trunkline.Operations.Probes;

/// <summary>Sends one SCTP INIT without being an SCTP endpoint, so that nothing on the sending side answers or is answered for.</summary>
public static class InitSender
{
    private const int SctpProtocol = 132;
    private const int Ipv4HeaderLength = 20;
    private const int InitPacketLength = 12 + 20;

    /// <summary>Sends an INIT (RFC 9260 section 3.3.2) from the network namespace of the calling process.</summary>
    public static void Send(IPAddress source, IPAddress destination, ushort sourcePort, ushort destinationPort, uint initiateTag)
    {
        var packet = Build(source, destination, sourcePort, destinationPort, initiateTag);

        // IPPROTO_RAW only sends: no packet of protocol 132 is delivered to it, so the kernel still answers for a missing SCTP.
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Raw);
        socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.HeaderIncluded, true);
        socket.SendTo(packet, new IPEndPoint(destination, 0));
    }

    /// <summary>The IPv4 packet that <see cref="Send"/> sends.</summary>
    public static byte[] Build(IPAddress source, IPAddress destination, ushort sourcePort, ushort destinationPort, uint initiateTag)
    {
        var packet = new byte[Ipv4HeaderLength + InitPacketLength];
        packet[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)packet.Length);
        packet[8] = 64;
        packet[9] = SctpProtocol;
        source.TryWriteBytes(packet.AsSpan(12), out _);
        destination.TryWriteBytes(packet.AsSpan(16), out _);

        var sctp = packet.AsSpan(Ipv4HeaderLength);
        BinaryPrimitives.WriteUInt16BigEndian(sctp, sourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(sctp[2..], destinationPort);
        var chunk = sctp[12..];
        chunk[0] = 1;
        BinaryPrimitives.WriteUInt16BigEndian(chunk[2..], 20);
        BinaryPrimitives.WriteUInt32BigEndian(chunk[4..], initiateTag);
        BinaryPrimitives.WriteUInt32BigEndian(chunk[8..], 65536);
        BinaryPrimitives.WriteUInt16BigEndian(chunk[12..], 1);
        BinaryPrimitives.WriteUInt16BigEndian(chunk[14..], 1);
        BinaryPrimitives.WriteUInt32BigEndian(chunk[16..], initiateTag);

        var crc = uint.MaxValue;
        foreach (var b in sctp)
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(sctp[8..], ~crc);
        return packet;
    }
}
