using System.Buffers.Binary;
using System.Net.Sockets;

namespace Trunkline.Sctp.Service;

/// <summary>Frames over one stream socket: one reader, any number of writers one after another.</summary>
internal sealed class FrameConnection(Socket socket) : IDisposable
{
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly FrameWriter _writer = new();
    private byte[] _buffer = new byte[1024];
    private int _start;
    private int _end;

    /// <summary>The next frame; null when the other end has closed between two frames. Its body is valid until the next call.</summary>
    internal async ValueTask<Frame?> ReadAsync(CancellationToken cancellationToken)
    {
        if (!await FillAsync(ServiceProtocol.HeaderSize, cancellationToken))
        {
            return null;
        }

        var header = _buffer.AsMemory(_start, ServiceProtocol.HeaderSize);
        var length = BinaryPrimitives.ReadUInt32BigEndian(header.Span);
        var kind = (FrameKind)header.Span[4];
        if (length > ServiceProtocol.MaxBody)
        {
            throw new ProtocolViolationException($"a frame of {length} bytes");
        }

        if (!await FillAsync(ServiceProtocol.HeaderSize + (int)length, cancellationToken))
        {
            throw new ProtocolViolationException("the connection ended inside a frame");
        }

        var body = _buffer.AsMemory(_start + ServiceProtocol.HeaderSize, (int)length);
        _start += ServiceProtocol.HeaderSize + (int)length;
        return new Frame(kind, body);
    }

    /// <summary>Writes one frame that <paramref name="compose"/> puts together.</summary>
    internal async ValueTask WriteAsync(Action<FrameWriter> compose, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            compose(_writer);
            var bytes = _writer.Finish();
            while (!bytes.IsEmpty)
            {
                bytes = bytes[await socket.SendAsync(bytes, SocketFlags.None, cancellationToken)..];
            }
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>No more frames from us: whoever reads sees the end after the last one.</summary>
    internal void FinishWriting()
    {
        if (socket.Connected)
        {
            socket.Shutdown(SocketShutdown.Send);
        }
    }

    public void Dispose() => socket.Dispose();

    // False only where the stream ends before the first byte.
    private async ValueTask<bool> FillAsync(int wanted, CancellationToken cancellationToken)
    {
        while (_end - _start < wanted)
        {
            MakeRoom(wanted);
            var count = await socket.ReceiveAsync(_buffer.AsMemory(_end), SocketFlags.None, cancellationToken);
            if (count == 0)
            {
                return _end == _start ? false : throw new ProtocolViolationException("the connection ended inside a frame");
            }

            _end += count;
        }

        return true;
    }

    private void MakeRoom(int wanted)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_buffer.Length < wanted)
        {
            Array.Resize(ref _buffer, ServiceProtocol.HeaderSize + ServiceProtocol.MaxBody);
        }
    }
}
