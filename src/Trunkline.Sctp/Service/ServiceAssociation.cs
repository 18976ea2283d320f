using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Trunkline.Sctp.Backends;

namespace Trunkline.Sctp.Service;

/// <summary>An association of the node's SCTP service, as its program sees it.</summary>
internal sealed class ServiceAssociation : IAssociationBackend
{
    private readonly ClientChannel _channel;
    private readonly CreditGate _serviceTakes = new();
    private readonly Channel<ArrivedPart> _arrived = Channel.CreateUnbounded<ArrivedPart>(new UnboundedChannelOptions { SingleWriter = true });
    private readonly TaskCompletionSource<SctpException?> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _endedSource = new();
    private ArrivedPart? _current;
    private int _consumed;
    private int _owed;

    private ServiceAssociation(ClientChannel channel, byte[] names)
    {
        _channel = channel;
        (LocalEndPoint, RemoteEndPoint) = ServiceClient.ReadNames(names);
    }

    public SctpBackend Kind => SctpBackend.Service;

    public IPEndPoint LocalEndPoint { get; }

    public IPEndPoint RemoteEndPoint { get; }

    public Task<SctpException?> Ended => _ended.Task;

    internal static async Task<ServiceAssociation> StartAsync(ClientChannel channel, byte[] names, CancellationToken cancellationToken)
    {
        var association = new ServiceAssociation(channel, names);
        channel.TakeOver(association.Receive);
        await channel.Frames.WriteAsync(w => w.Start(FrameKind.Credit).UInt32(ServiceProtocol.Window), cancellationToken);
        return association;
    }

    public async ValueTask SendAsync(ReadOnlyMemory<byte> payload, SctpSendOptions options, CancellationToken cancellationToken)
    {
        if (payload.IsEmpty)
        {
            // As Linux: a message of SCTP has at least one byte.
            throw new SctpException(SctpError.InvalidArgument);
        }

        do
        {
            var count = await TakeCreditAsync(Math.Min(payload.Length, ServiceProtocol.MaxPart), cancellationToken);
            var part = payload[..count];
            payload = payload[count..];
            var flags = (payload.IsEmpty && !options.MoreFollows ? DataFlags.EndOfRecord : 0) | (options.Unordered ? DataFlags.Unordered : 0);
            await WriteAsync(
                w => w.Start(FrameKind.Data).DataHeader(options.Stream, options.PayloadProtocolId, flags).Bytes(part.Span), cancellationToken);
        }
        while (!payload.IsEmpty);
    }

    public async ValueTask<SctpReceived> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        _current ??= await NextAsync(cancellationToken);
        if (_current is not { } part)
        {
            return new SctpReceived(0, 0, 0, false, false, EndOfStream: true);
        }

        var count = Math.Min(buffer.Length, part.Payload.Length - _consumed);
        part.Payload.AsSpan(_consumed, count).CopyTo(buffer.Span);
        _consumed += count;
        var whole = _consumed == part.Payload.Length;
        if (whole)
        {
            _current = null;
            _consumed = 0;
        }

        await GiveCreditAsync(count);
        var end = whole && part.Flags.HasFlag(DataFlags.EndOfRecord);
        return new SctpReceived(count, part.Stream, part.PayloadProtocolId, part.Flags.HasFlag(DataFlags.Unordered), end, EndOfStream: false);
    }

    public async ValueTask ShutdownAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _channel.CallAsync(w => w.Start(FrameKind.Shutdown), cancellationToken);
        }
        catch (SctpException) when (_ended.Task.IsCompletedSuccessfully && _ended.Task.Result is null)
        {
            // The peer's SHUTDOWN was first, and has completed.
        }
    }

    public async ValueTask AbortAsync() => await WriteAsync(w => w.Start(FrameKind.Abort), CancellationToken.None);

    public ValueTask DisposeAsync()
    {
        _channel.Dispose();
        return ValueTask.CompletedTask;
    }

    private async ValueTask<ArrivedPart?> NextAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _arrived.Reader.ReadAsync(cancellationToken);
        }
        catch (ChannelClosedException closed)
        {
            return closed.InnerException is SctpException failure ? throw failure : null;
        }
    }

    private async ValueTask<int> TakeCreditAsync(int wanted, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _endedSource.Token);
        try
        {
            either.Token.ThrowIfCancellationRequested();
            return await _serviceTakes.TakeAsync(wanted, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw await _ended.Task ?? new SctpException(SctpError.BrokenPipe);
        }
    }

    private async ValueTask GiveCreditAsync(int count)
    {
        _owed += count;
        if (_owed >= ServiceProtocol.CreditStep)
        {
            var bytes = (uint)_owed;
            _owed = 0;

            // Also after the association has ended: what had arrived before is still handed over, for credit.
            await _channel.TryWriteAsync(w => w.Start(FrameKind.Credit).UInt32(bytes));
        }
    }

    private async ValueTask WriteAsync(Action<FrameWriter> compose, CancellationToken cancellationToken)
    {
        try
        {
            await _channel.Frames.WriteAsync(compose, cancellationToken);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            throw ClientChannel.Lost();
        }
    }

    private void Receive(Frame? frame)
    {
        if (frame is not { } present)
        {
            // The service is gone, and with it what it had not yet handed over.
            _arrived.Writer.TryComplete(ClientChannel.Lost());
            Finish(ClientChannel.Lost());
            return;
        }

        var reader = new FrameReader(present.Body.Span);
        switch (present.Kind)
        {
            case FrameKind.Data:
                var stream = reader.UInt16();
                var flags = (DataFlags)reader.Byte();
                reader.Byte();
                _arrived.Writer.TryWrite(new ArrivedPart(stream, reader.UInt32(), flags, reader.Rest.ToArray()));
                break;
            case FrameKind.Credit:
                _serviceTakes.Grant(reader.UInt32());
                break;
            case FrameKind.End:
                _arrived.Writer.TryComplete(ReadError(ref reader));
                break;
            case FrameKind.Closed:
                Finish(ReadError(ref reader));
                break;
            default:
                throw new ProtocolViolationException($"frame kind {(int)present.Kind} from the service");
        }
    }

    private static SctpException? ReadError(ref FrameReader reader)
    {
        var error = (SctpError)reader.UInt32();
        var sentence = reader.Text();
        return error == 0 ? null : new SctpException(error, sentence);
    }

    private void Finish(SctpException? failure)
    {
        if (_ended.TrySetResult(failure))
        {
            _endedSource.Cancel();
        }
    }
}
