using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Trunkline.Node.Network.Netlink;
using Trunkline.Policy.Model;
using Xunit;

namespace Trunkline.Node.IntegrationTests.Network;

/// <summary>A namespace of the test: sends packets made by hand (raw socket) and sees all that arrive at one link (packet socket).</summary>
internal sealed class Host : IDisposable
{
    private const int AfInet = 2, AfInet6 = 10, AfPacket = 17, SockRaw = 3, SockDgram = 2, IpProtoRaw = 255, SolSocket = 1, ReceiveBufferForce = 33, CaptureBytes = 16 << 20;
    private readonly Socket _send;
    private readonly Socket _send6;
    private readonly ConcurrentQueue<Seen> _seen = new();

    private volatile bool _stopped;

    public Host(string netns, IPAddress address, bool captures = true)
    {
        (Netns, Address) = (netns, address);
        Socket[] captured;
        (_send, _send6, captured) = NamespaceThread.Run($"/run/netns/{netns}", () => (
            Open(AfInet, SockRaw, IpProtoRaw), Open(AfInet6, SockRaw, IpProtoRaw), captures ? new[] { OpenCapture(0x0800), OpenCapture(0x86DD) } : []));
        foreach (var socket in captured)
        {
            new Thread(() => Capture(socket)) { IsBackground = true, Name = $"capture {netns}" }.Start();
        }
    }

    public string Netns { get; }

    public IPAddress Address { get; }

    public IPAddress? Address6 { get; init; }

    public IReadOnlyCollection<Seen> Arrived => _seen;

    public void Send(IPAddress destination, TransportProtocol protocol, int sourcePort, int port, IPAddress? source = null) =>
        Send(destination, Wire.Packet(source ?? (destination.AddressFamily == AddressFamily.InterNetworkV6 ? Address6! : Address), destination, protocol, sourcePort, port));

    public void Send(IPAddress destination, byte[] packet)
    {
        try
        {
            (destination.AddressFamily == AddressFamily.InterNetworkV6 ? _send6 : _send).SendTo(packet, new IPEndPoint(destination, 0));
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.AccessDenied or SocketError.HostUnreachable)
        {
            // The node's own output refuses or finds no way: as good as a packet that does not arrive.
        }
    }

    /// <summary>Waits for a packet; null when none comes.</summary>
    /// <param name="match">Which packet.</param>
    /// <param name="milliseconds">How long, in waits of ten.</param>
    /// <param name="again">Done ten times a second: a sender that does not give up.</param>
    public async Task<Seen?> SeeAsync(Func<Seen, bool> match, int milliseconds = 3000, Action? again = null)
    {
        for (var waited = 0; waited <= milliseconds; waited += 10)
        {
            if (waited % 100 == 0)
            {
                again?.Invoke();
            }

            if (_seen.FirstOrDefault(match) is { } seen)
            {
                return seen;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        return null;
    }

    public Task<Seen?> SeeAsync(TransportProtocol protocol, int sourcePort, int milliseconds = 3000, Action? again = null) =>
        SeeAsync(seen => seen.Protocol == (int)protocol && seen.SourcePort == sourcePort && (seen.Destination.Equals(Address) || seen.Destination.Equals(Address6)), milliseconds, again);

    public void Forget() => _seen.Clear();

    public void Dispose()
    {
        _stopped = true;
        _send.Dispose();
        _send6.Dispose();
    }

    private void Capture(Socket capture)
    {
        var buffer = new byte[70000];
        // A packet socket of one protocol (unlike ETH_P_ALL) sees arriving packets only.
        capture.ReceiveTimeout = 100; // closing a socket does not wake who waits at it
        while (!_stopped)
        {
            try
            {
                var read = capture.Receive(buffer);
                if (Seen.Parse(buffer.AsSpan(0, read)) is { } seen)
                {
                    _seen.Enqueue(seen);
                }
            }
            catch (SocketException exception) when (exception.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock or SocketError.NetworkDown)
            {
                // Silence, or a link that is being taken away.
            }
        }

        capture.Dispose();
    }

    private static Socket OpenCapture(ushort family)
    {
        Span<byte> protocol = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(protocol, family);
        var socket = Open(AfPacket, SockDgram, BinaryPrimitives.ReadUInt16LittleEndian(protocol));

        // Room for what comes while the thread waits for a processor, beyond the machine's net.core.rmem_max (SO_RCVBUFFORCE).
        socket.SetRawSocketOption(SolSocket, ReceiveBufferForce, BitConverter.GetBytes(CaptureBytes));
        return socket;
    }

    private static Socket Open(int domain, int type, int protocol)
    {
        var descriptor = NetlinkLibc.Socket(domain, type | 0x80000, protocol);
        return descriptor >= 0
            ? new Socket(new SafeSocketHandle(descriptor, true))
            : throw new IOException($"socket: {Marshal.GetLastPInvokeErrorMessage()}");
    }
}
