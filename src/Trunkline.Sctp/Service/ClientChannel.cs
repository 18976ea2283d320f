using System.Net.Sockets;

namespace Trunkline.Sctp.Service;

/// <summary>A client's connection to the service: one call at a time; frames that are no replies go to whoever took the connection over.</summary>
internal sealed class ClientChannel(FrameConnection frames) : IDisposable
{
    private TaskCompletionSource<byte[]>? _reply;
    private readonly Lock _lock = new();
    private readonly Queue<Frame> _early = new();
    private Action<Frame?>? _received;
    private Exception? _broken;
    private bool _reading;

    internal bool IsGreeted { get; private set; }

    internal FrameConnection Frames => frames;

    /// <summary>From now on frames other than replies go there, on the reading task; null at the connection's end.</summary>
    internal void TakeOver(Action<Frame?> received)
    {
        lock (_lock)
        {
            _received = received;
            while (_early.TryDequeue(out var early))
            {
                received(early);
            }

            if (_broken is not null)
            {
                received(null);
            }
        }
    }

    /// <summary>Writes what nobody misses when the connection is gone.</summary>
    internal async ValueTask TryWriteAsync(Action<FrameWriter> compose)
    {
        try
        {
            await frames.WriteAsync(compose, CancellationToken.None);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // The reading task tells of the end.
            _ = gone;
        }
    }

    /// <summary>False when the connection was closed before any reply.</summary>
    internal async ValueTask<bool> GreetAsync(CancellationToken cancellationToken)
    {
        await frames.WriteAsync(w => w.Start(FrameKind.Hello).UInt32(ServiceProtocol.Magic).UInt16(ServiceProtocol.Version), cancellationToken);
        if (await frames.ReadAsync(cancellationToken) is not { } frame)
        {
            return false;
        }

        if (frame.Kind != FrameKind.Hello || new FrameReader(frame.Body.Span).UInt32() != ServiceProtocol.Magic)
        {
            throw new ProtocolViolationException("not an SCTP service");
        }

        return IsGreeted = true;
    }

    /// <summary>Sends a request and waits for what it gives; a refusal becomes its errno's exception.</summary>
    internal async Task<byte[]> CallAsync(Action<FrameWriter> request, CancellationToken cancellationToken)
    {
        var reply = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_broken is not null)
            {
                throw Lost();
            }

            _reply = _reply is null ? reply : throw new InvalidOperationException("a call is under way");
            if (!_reading)
            {
                _reading = true;
                _ = ReadAllAsync();
            }
        }

        try
        {
            await frames.WriteAsync(request, cancellationToken);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            throw Lost();
        }

        return await reply.Task.WaitAsync(cancellationToken);
    }

    public void Dispose() => frames.Dispose();

    /// <summary>The service went away: what a program sees of its associations is what it would see of a kernel gone down.</summary>
    internal static SctpException Lost() => new(SctpError.ConnectionReset, "the node's SCTP service has ended");

    private async Task ReadAllAsync()
    {
        try
        {
            while (await frames.ReadAsync(CancellationToken.None) is { } frame)
            {
                if (frame.Kind == FrameKind.Reply)
                {
                    Complete(frame);
                }
                else
                {
                    HandOver(frame);
                }
            }

            End(Lost());
        }
        catch (Exception lost) when (lost is SocketException or ObjectDisposedException or ProtocolViolationException)
        {
            End(lost);
        }
    }

    // Credit and data may be here before the caller of connect has its reply.
    private void HandOver(Frame frame)
    {
        lock (_lock)
        {
            if (_received is null)
            {
                _early.Enqueue(frame with { Body = frame.Body.ToArray() });
            }
            else
            {
                _received(frame);
            }
        }
    }

    private void Complete(Frame frame)
    {
        var reader = new FrameReader(frame.Body.Span);
        var error = (SctpError)reader.UInt32();
        var sentence = reader.Text();
        TaskCompletionSource<byte[]>? reply;
        var rest = reader.Rest.ToArray();
        lock (_lock)
        {
            reply = _reply ?? throw new ProtocolViolationException("a reply to nothing");
            _reply = null;
        }

        if (error == 0)
        {
            reply.TrySetResult(rest);
        }
        else
        {
            reply.TrySetException(new SctpException(error, sentence));
        }
    }

    private void End(Exception reason)
    {
        TaskCompletionSource<byte[]>? reply;
        lock (_lock)
        {
            _broken = reason;
            reply = _reply;
            _received?.Invoke(null);
        }

        reply?.TrySetException(Lost());
    }
}
