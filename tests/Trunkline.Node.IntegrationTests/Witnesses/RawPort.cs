using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Trunkline.Node.Network.Netlink;

namespace Trunkline.Node.IntegrationTests.Witnesses;

/// <summary>
/// Raw sockets in one namespace: to send packets made by hand, and to see which of them arrive. What has arrived is asked for, so that nothing runs beside the test.
/// </summary>
internal sealed class RawPort : IDisposable
{
    private const int AfInet = 2, AfInet6 = 10, AfPacket = 17, SockRaw = 3, SockDgram = 2, IpProtoRaw = 255, CloseOnExec = 0x80000, NonBlocking = 0x800;
    private static readonly int[] s_protocols = [6, 17, 132];
    private readonly Socket _send4;
    private readonly Socket _send6;
    private readonly List<(Socket Socket, int? OnlyProtocol)> _receive = [];
    private readonly byte[] _buffer = new byte[65536];

    /// <param name="netns">Its namespace.</param>
    /// <param name="behindFilters">Sees what the namespace's own input rules let through (a node); else what comes to its links (a Pod, a host without rules).</param>
    public RawPort(string netns, bool behindFilters)
    {
        (_send4, _send6) = NamespaceThread.Run($"/run/netns/{netns}", () =>
        {
            if (behindFilters)
            {
                _receive.AddRange(s_protocols.Select(protocol => (Open(AfInet, SockRaw, protocol), (int?)null)));
                _receive.AddRange(s_protocols.Select(protocol => (Open(AfInet6, SockRaw, protocol), (int?)protocol)));
            }
            else
            {
                // A packet socket of one protocol (unlike ETH_P_ALL) sees arriving packets only.
                _receive.Add((Open(AfPacket, SockDgram, Swap(0x0800)), null));
                _receive.Add((Open(AfPacket, SockDgram, Swap(0x86dd)), null));
            }

            return (Open(AfInet, SockRaw, IpProtoRaw), Open(AfInet6, SockRaw, IpProtoRaw));
        });
        foreach (var (socket, _) in _receive)
        {
            socket.ReceiveBufferSize = 4 << 20;
        }
    }

    /// <summary>False where its own node's rules or routes refuse it.</summary>
    public bool Send(IPAddress destination, byte[] packet)
    {
        try
        {
            (destination.AddressFamily == AddressFamily.InterNetwork ? _send4 : _send6).SendTo(packet, new IPEndPoint(destination, 0));
            return true;
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.AccessDenied or SocketError.HostUnreachable or SocketError.NetworkUnreachable)
        {
            return false;
        }
    }

    /// <summary>All that has arrived: protocol, source port, destination port.</summary>
    public IEnumerable<(int Protocol, int SourcePort, int Port)> Drain()
    {
        foreach (var (socket, only) in _receive)
        {
            for (var read = Receive(socket); read > 0; read = Receive(socket))
            {
                if (Parse(_buffer.AsSpan(0, read), only) is { } seen)
                {
                    yield return seen;
                }
            }
        }
    }

    public void Dispose()
    {
        _send4.Dispose();
        _send6.Dispose();
        foreach (var (socket, _) in _receive)
        {
            socket.Dispose();
        }
    }

    private int Receive(Socket socket)
    {
        var read = socket.Receive(_buffer, SocketFlags.None, out var error);
        return error switch
        {
            SocketError.Success => read,
            SocketError.WouldBlock => 0,
            SocketError.NetworkDown => Receive(socket),
            _ => throw new SocketException((int)error),
        };
    }

    // A raw socket of IPv6 gives what follows the header.
    private static (int, int, int)? Parse(ReadOnlySpan<byte> bytes, int? only)
    {
        var (header, protocol) = only is { } bare ? (0, bare)
            : bytes[0] >> 4 == 4 ? ((bytes[0] & 15) * 4, bytes[9])
            : (40, bytes[6]);
        return !s_protocols.Contains(protocol) || bytes.Length < header + 4 ? null
            : (protocol, BinaryPrimitives.ReadUInt16BigEndian(bytes[header..]), BinaryPrimitives.ReadUInt16BigEndian(bytes[(header + 2)..]));
    }

    private static Socket Open(int domain, int type, int protocol)
    {
        var descriptor = NetlinkLibc.Socket(domain, type | CloseOnExec | NonBlocking, protocol);
        return descriptor >= 0
            ? new Socket(new SafeSocketHandle(descriptor, true)) { Blocking = false }
            : throw new IOException($"socket: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    private static ushort Swap(ushort number) => BinaryPrimitives.ReverseEndianness(number);
}
