using System.Net;
using System.Net.Sockets;
using Trunkline.Sctp;

namespace Trunkline.Netcat.Connections;

/// <summary>A connected TCP or UDP socket.</summary>
internal sealed class SocketConnection : IConnection
{
    private readonly Socket _socket;
    private ReadOnlyMemory<byte> _first;

    internal SocketConnection(Socket socket, ReadOnlyMemory<byte> first = default)
    {
        _socket = socket;
        _first = first;
        LocalEndPoint = (IPEndPoint)socket.LocalEndPoint!;
        RemoteEndPoint = (IPEndPoint)socket.RemoteEndPoint!;
    }

    public IPEndPoint LocalEndPoint { get; }

    public IPEndPoint RemoteEndPoint { get; }

    public bool HasHalfClose => HasEnd;

    public bool HasEnd => _socket.SocketType == SocketType.Stream;

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (!_first.IsEmpty)
        {
            // The datagram that made the listener connect.
            var count = Math.Min(_first.Length, buffer.Length);
            _first[..count].CopyTo(buffer);
            _first = _first[count..];
            return count;
        }

        try
        {
            int count;
            do
            {
                count = await _socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken);
            }
            while (count == 0 && !HasEnd);

            return count;
        }
        catch (SocketException failed)
        {
            throw ConnectionException.From(failed);
        }
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            do
            {
                var sent = await _socket.SendAsync(bytes, SocketFlags.None, cancellationToken);
                bytes = bytes[sent..];
            }
            while (!bytes.IsEmpty);
        }
        catch (SocketException failed)
        {
            throw ConnectionException.From(failed);
        }
    }

    public ValueTask FinishSendingAsync(CancellationToken cancellationToken)
    {
        if (HasEnd)
        {
            try
            {
                _socket.Shutdown(SocketShutdown.Send);
            }
            catch (SocketException failed) when (failed.NativeErrorCode == (int)SctpError.NotConnected)
            {
                // The peer has reset the connection; reading tells of it.
                _ = failed;
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
