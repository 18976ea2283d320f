using System.Net.Sockets;
using System.Threading.Channels;
using Trunkline.Sctp.Endpoint;
using Trunkline.Sctp.Loops;

namespace Trunkline.Sctp.Service;

/// <summary>
/// An association behind a client's connection: what the client sends is queued (its credit bounds the queue) and sent in order; what
/// arrives is read only while the client grants credit, so that the association's receive window follows the program.
/// </summary>
internal sealed class ServedAssociation : IAsyncDisposable
{
    private readonly FrameConnection _frames;
    private readonly CreditGate _clientTakes = new();
    // Credit bounds bytes; this bounds parts, as a part of one byte takes the memory of a hundred. A full queue is not read on, as a
    // kernel's send blocks.
    private const int MaxQueuedParts = 512;
    private readonly Channel<QueuedPart> _queue = Channel.CreateBounded<QueuedPart>(new BoundedChannelOptions(MaxQueuedParts) { SingleReader = true });
    private readonly CancellationTokenSource _gone = new();
    private readonly Task _sending;
    private Task? _delivering;
    private long _queued;
    private bool _aborted;

    internal ServedAssociation(LoopAssociation association, FrameConnection frames)
    {
        Association = association;
        _frames = frames;
        _sending = SendAllAsync();
    }

    internal LoopAssociation Association { get; }

    /// <summary>The client knows it is connected: now it may hear of data.</summary>
    internal void BeginDelivery() => _delivering ??= DeliverAllAsync();

    internal void Grant(uint bytes) => _clientTakes.Grant(bytes);

    /// <summary>Once: a client that asks again and again must not fill the loop's queue.</summary>
    internal void Abort()
    {
        if (!_aborted)
        {
            _aborted = true;
            Association.Abort();
        }
    }

    internal ValueTask<bool> SendAsync(ReadOnlyMemory<byte> body, CancellationToken cancellationToken) => EnqueueAsync(ReadPart(body.Span), cancellationToken);

    private QueuedPart ReadPart(ReadOnlySpan<byte> body)
    {
        var reader = new FrameReader(body);
        var stream = reader.UInt16();
        var flags = (DataFlags)reader.Byte();
        reader.Byte();
        var part = new QueuedPart(stream, reader.UInt32(), Modes(flags), reader.Rest.ToArray(), null);
        if (Interlocked.Add(ref _queued, part.Payload.Length) > ServiceProtocol.Window)
        {
            throw new ProtocolViolationException("more data than credit");
        }

        return part;
    }

    /// <summary>SHUTDOWN once everything queued before it is sent.</summary>
    internal async Task ShutdownAsync(CancellationToken cancellationToken)
    {
        var marker = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!await EnqueueAsync(new QueuedPart(0, 0, SendModes.None, [], marker), cancellationToken))
        {
            throw new SctpException(SctpError.NotConnected);
        }

        await marker.Task;
    }

    /// <summary>The client is gone: what it has handed over is still sent, then the association ends as a kernel's does at a process's end.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _gone.CancelAsync();
        await Task.WhenAny(_sending, Association.Ended);
        Association.Close();
        await _sending;
        if (_delivering is not null)
        {
            await _delivering;
        }

        _gone.Dispose();
    }

    // False where the association takes nothing any more; the client hears why by End and Closed.
    private async ValueTask<bool> EnqueueAsync(QueuedPart part, CancellationToken cancellationToken)
    {
        while (await _queue.Writer.WaitToWriteAsync(cancellationToken))
        {
            if (_queue.Writer.TryWrite(part))
            {
                return true;
            }
        }

        return false;
    }

    private static SendModes Modes(DataFlags flags) =>
        (flags.HasFlag(DataFlags.EndOfRecord) ? SendModes.None : SendModes.MoreFollows) |
        (flags.HasFlag(DataFlags.Unordered) ? SendModes.Unordered : SendModes.None);

    private async Task SendAllAsync()
    {
        var owed = 0;
        try
        {
            await GrantAsync(ServiceProtocol.Window);
            await foreach (var part in _queue.Reader.ReadAllAsync())
            {
                if (part.ShutdownMarker is { } marker)
                {
                    await Association.ShutdownAsync();
                    marker.TrySetResult();
                    continue;
                }

                await Association.SendAsync(part.Stream, part.PayloadProtocolId, part.Modes, part.Payload);
                Interlocked.Add(ref _queued, -part.Payload.Length);
                owed += part.Payload.Length;
                if (owed >= ServiceProtocol.CreditStep)
                {
                    await GrantAsync(owed);
                    owed = 0;
                }
            }
        }
        catch (SctpException failed)
        {
            // The client hears of the end by End and Closed; a send that could not be (a bad stream) is told by ending the association.
            if (!Association.Ended.IsCompleted && failed.Error is SctpError.InvalidArgument or SctpError.MessageTooLong)
            {
                Association.Abort();
            }

            FailMarkers(failed);
        }
    }

    private void FailMarkers(SctpException failure)
    {
        _queue.Writer.TryComplete();
        while (_queue.Reader.TryRead(out var part))
        {
            part.ShutdownMarker?.TrySetException(failure);
        }
    }

    private async Task GrantAsync(int bytes) =>
        await WriteAsync(w => w.Start(FrameKind.Credit).UInt32((uint)bytes));

    private async Task DeliverAllAsync()
    {
        try
        {
            var closing = TellClosedAsync();
            await DeliverAsync();
            await closing;
        }
        catch (OperationCanceledException) when (_gone.IsCancellationRequested)
        {
            // Nobody reads any more; DisposeAsync closes the association.
        }
    }

    private async Task DeliverAsync()
    {
        var buffer = new byte[ServiceProtocol.MaxPart];
        try
        {
            while (true)
            {
                var room = await _clientTakes.TakeAsync(buffer.Length, _gone.Token);
                var result = await Association.ReceiveAsync(buffer.AsMemory(0, room), _gone.Token);
                if (result.EndOfStream)
                {
                    await WriteAsync(w => w.Start(FrameKind.End).UInt32(0).Text(""));
                    return;
                }

                _clientTakes.Return(room - result.Part.Length);
                await WriteAsync(w => WriteData(w, result.Part, buffer));
            }
        }
        catch (SctpException failed)
        {
            await WriteAsync(w => w.Start(FrameKind.End).UInt32((uint)failed.Error).Text(failed.Message));
        }
    }

    private static void WriteData(FrameWriter writer, in ReceivedPart part, byte[] buffer)
    {
        var flags = (part.EndOfMessage ? DataFlags.EndOfRecord : 0) | (part.Unordered ? DataFlags.Unordered : 0);
        writer.Start(FrameKind.Data).DataHeader(part.Stream, part.PayloadProtocolId, flags).Bytes(buffer.AsSpan(0, part.Length));
    }

    private async Task TellClosedAsync()
    {
        var failure = await Association.Ended.WaitAsync(_gone.Token);
        var error = failure is null ? 0 : FailureErrors.ToError(failure.Reason, connecting: false);
        await WriteAsync(w => w.Start(FrameKind.Closed).UInt32((uint)error).Text(failure?.Detail ?? ""));
    }

    // A client that has gone is noticed by whoever reads its connection; here its frames are only not wanted any more.
    private async Task WriteAsync(Action<FrameWriter> compose)
    {
        try
        {
            await _frames.WriteAsync(compose, _gone.Token);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            _ = gone;
        }
    }
}
