using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Trunkline.Sctp.Transports;
using Trunkline.Sctp.Transports.Native;
using Trunkline.Sctp.Wire;

namespace Trunkline.Sctp.IntegrationTests.Support;

/// <summary>A host's raw sockets, for packets made by hand.</summary>
internal sealed class RawHost : IAsyncDisposable
{
    private const int IpprotoIcmp = 1;
    private readonly Socket _sctp;
    private readonly Socket _icmp;

    private RawHost(Socket sctp, Socket icmp) => (_sctp, _icmp) = (sctp, icmp);

    public static RawHost Open(Host host)
    {
        RawHost? opened = null;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                NetworkNamespace.Enter(host.Netns);
                opened = new RawHost(Make(Libc.IpprotoSctp), Make(IpprotoIcmp));
            }
            catch (Exception failed)
            {
                failure = failed;
            }
        });
        thread.Start();
        thread.Join();
        return opened ?? throw new IOException($"raw sockets in {host.Name}", failure);
    }

    /// <summary>Sends bytes as one SCTP packet, whatever they are.</summary>
    public void Send(string destination, ReadOnlySpan<byte> packet) => _sctp.SendTo(packet, SocketFlags.None, new IPEndPoint(IPAddress.Parse(destination), 0));

    /// <summary>A packet with a good checksum.</summary>
    public static byte[] Packet(ushort source, ushort destination, uint tag, params byte[] chunks)
    {
        var packet = new byte[12 + chunks.Length];
        BinaryPrimitives.WriteUInt16BigEndian(packet, source);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), destination);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), tag);
        chunks.CopyTo(packet, 12);
        Crc32c.Write(packet);
        return packet;
    }

    public static byte[] Init(ushort source, ushort destination, uint initiateTag)
    {
        byte[] chunk = [1, 0, 0, 20, 0, 0, 0, 0, 0, 1, 0, 0, 0, 10, 0, 10, 0, 0, 0, 1];
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(4), initiateTag);
        return Packet(source, destination, 0, chunk);
    }

    /// <summary>An ICMP error that claims to quote an INIT which <paramref name="destination"/> sent to us.</summary>
    public void SendIcmp(string destination, byte type, byte code, ushort quotedSourcePort, ushort quotedDestinationPort, uint quotedInitiateTag)
    {
        byte[] icmp = [type, code, 0, 0, 0, 0, 0, 0, 0x45, 0, 0, 52, 0, 0, 0, 0, 64, 132, 0, 0, .. IPAddress.Parse(destination).GetAddressBytes(), 10, 77, 0, 2,
            .. Init(quotedSourcePort, quotedDestinationPort, quotedInitiateTag)];
        uint sum = 0;
        for (var i = 0; i < icmp.Length; i += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(icmp.AsSpan(i));
        }

        sum = (sum & 0xffff) + (sum >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(icmp.AsSpan(2), (ushort)~((sum & 0xffff) + (sum >> 16)));
        _icmp.SendTo(icmp, new IPEndPoint(IPAddress.Parse(destination), 0));
    }

    public ValueTask DisposeAsync()
    {
        _sctp.Dispose();
        _icmp.Dispose();
        return ValueTask.CompletedTask;
    }

    private static Socket Make(int protocol) =>
        new(new SafeSocketHandle(Libc.Check(Libc.Socket(Libc.AfInet, Libc.SockRaw | Libc.SockCloexec, protocol), "socket"), ownsHandle: true));
}
