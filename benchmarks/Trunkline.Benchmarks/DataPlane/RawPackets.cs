using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Trunkline.Node.Network.Netlink;
using Trunkline.Sctp.Wire;

namespace Trunkline.Benchmarks.DataPlane;

/// <summary>Raw SCTP packets of one host: enough of a handshake to have the kernel track a flow.</summary>
internal sealed class RawPackets : IDisposable
{
    private const int AfInet = 2, SockRaw = 3 | 0x80000, Sctp = 132;
    private readonly Socket _socket;
    private readonly byte[] _received = new byte[2048];

    public RawPackets(Netns netns)
    {
        var descriptor = NamespaceThread.Run(netns.Path, () => NetlinkLibc.Socket(AfInet, SockRaw, Sctp));
        _socket = descriptor >= 0 ? new Socket(new SafeSocketHandle(descriptor, true)) : throw new IOException($"socket: {Marshal.GetLastPInvokeErrorMessage()}");
        _socket.ReceiveTimeout = 500;
        _socket.ReceiveBufferSize = 4 << 20;
    }

    public void SendInit(IPAddress destination, int sourcePort, int port) => Send(destination, 1, sourcePort, port, 0);

    /// <summary>Waits for an INIT ACK to a port; false where none comes within half a second.</summary>
    public bool AwaitInitAck(int port)
    {
        while (TryReceive(out var packet, out _))
        {
            if (packet[12] == 2 && BinaryPrimitives.ReadUInt16BigEndian(packet[2..]) == port)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Answers every INIT by an INIT ACK, until disposed.</summary>
    public void Answer()
    {
        while (_socket.SafeHandle is { IsClosed: false })
        {
            if (TryReceive(out var packet, out var from) && packet[12] == 1)
            {
                Send(from, 2, BinaryPrimitives.ReadUInt16BigEndian(packet[2..]), BinaryPrimitives.ReadUInt16BigEndian(packet), BinaryPrimitives.ReadUInt32BigEndian(packet[16..]));
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    private bool TryReceive(out ReadOnlySpan<byte> sctp, out IPAddress from)
    {
        sctp = [];
        from = IPAddress.None;
        try
        {
            var read = _socket.Receive(_received);
            var header = (_received[0] & 15) * 4;
            sctp = _received.AsSpan(header, read - header);
            from = new IPAddress(_received.AsSpan(12, 4));
            return sctp.Length >= 20;
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock)
        {
            return false;
        }
        catch (Exception exception) when (exception is ObjectDisposedException or SocketException)
        {
            return false; // taken down
        }
    }

    private void Send(IPAddress destination, byte chunk, int sourcePort, int port, uint tag)
    {
        Span<byte> packet = stackalloc byte[32];
        packet.Clear();
        BinaryPrimitives.WriteUInt16BigEndian(packet, (ushort)sourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)port);
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], tag);
        (packet[12], packet[15]) = (chunk, 20);
        BinaryPrimitives.WriteUInt32BigEndian(packet[16..], 0x01020304);
        BinaryPrimitives.WriteUInt32BigEndian(packet[20..], 65536);
        (packet[25], packet[27], packet[31]) = (10, 10, 1);
        Crc32c.Write(packet);
        _socket.SendTo(packet, new IPEndPoint(destination, 0));
    }
}
