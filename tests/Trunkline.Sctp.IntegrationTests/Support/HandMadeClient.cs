using System.Buffers.Binary;
using System.Net.Sockets;
using Trunkline.Sctp.Service;

namespace Trunkline.Sctp.IntegrationTests.Support;

/// <summary>A client of a service's socket that can be as rude as it likes: frames made by hand.</summary>
internal sealed class HandMadeClient : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);
    private readonly Socket _socket;

    private HandMadeClient(Socket socket) => _socket = socket;

    /// <summary>Connects and says nothing.</summary>
    public static HandMadeClient Connect(Host host)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
        {
            ReceiveTimeout = (int)_patience.TotalMilliseconds,
            SendTimeout = (int)_patience.TotalMilliseconds,
        };
        socket.Connect(new UnixDomainSocketEndPoint(host.SocketPath));
        return new HandMadeClient(socket);
    }

    /// <summary>Connects and greets.</summary>
    public static HandMadeClient Open(Host host)
    {
        var client = Connect(host);
        client.Send(FrameKind.Hello, [0x54, 0x52, 0x4b, 0x4c, 0, 1]);
        _ = client.Read();
        return client;
    }

    public Socket Socket => _socket;

    public static byte[] Frame(FrameKind kind, byte[] body)
    {
        var frame = new byte[8 + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, body.Length);
        frame[4] = (byte)kind;
        body.CopyTo(frame, 8);
        return frame;
    }

    public void Send(FrameKind kind, params byte[] body) => Send(Frame(kind, body));

    public void Send(byte[] bytes)
    {
        for (var sent = 0; sent < bytes.Length;)
        {
            sent += _socket.Send(bytes.AsSpan(sent));
        }
    }

    /// <summary>The next frame; null where the service has closed the connection.</summary>
    public (FrameKind Kind, byte[] Body)? Read()
    {
        var header = ReadExactly(8);
        if (header is null)
        {
            return null;
        }

        return ((FrameKind)header[4], ReadExactly(BinaryPrimitives.ReadInt32BigEndian(header)) ?? throw new IOException("a frame was cut short"));
    }

    /// <summary>A request's errno: 0 where it succeeded.</summary>
    public int Call(FrameKind kind, params byte[] body)
    {
        Send(kind, body);
        while (true)
        {
            var (answer, bytes) = Read() ?? throw new IOException("the service has closed the connection");
            if (answer == FrameKind.Reply)
            {
                return BinaryPrimitives.ReadInt32BigEndian(bytes);
            }
        }
    }

    /// <summary>One of the namespace's counters.</summary>
    public uint Counter(ServiceOption option)
    {
        Send(FrameKind.GetOption, (byte)((int)option >> 8), (byte)option);
        var (_, body) = Read() ?? throw new IOException("the service has closed the connection");
        return BinaryPrimitives.ReadUInt32BigEndian(body.AsSpan(6));
    }

    public void Dispose() => _socket.Dispose();

    private byte[]? ReadExactly(int count)
    {
        var bytes = new byte[count];
        for (var have = 0; have < count;)
        {
            int read;
            try
            {
                read = _socket.Receive(bytes.AsSpan(have));
            }
            catch (SocketException lost) when (lost.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown)
            {
                return null;
            }

            if (read == 0)
            {
                return null;
            }

            have += read;
        }

        return bytes;
    }
}
