using Trunkline.Sctp.Endpoint;

namespace Trunkline.Sctp.Loops;

/// <summary>
/// One association of a loop, for callers on any thread. One read and one write may be under way at a time. Its fields belong to the loop's
/// thread; calls post a request and wait for its completion.
/// </summary>
public sealed class LoopAssociation
{
    private readonly EndpointLoop _loop;
    private readonly AssociationId _id;
    private readonly TaskCompletionSource _established = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<AssociationFailure?> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PendingRead? _read;
    private PendingSend? _send;
    private SctpException? _loopFailure;
    private bool _closed;

    internal LoopAssociation(EndpointLoop loop, AssociationId id)
    {
        _loop = loop;
        _id = id;
    }

    /// <summary>Done when the association is established; faults with the errno of a connect that failed.</summary>
    internal Task Established => _established.Task;

    /// <summary>Done when the association has ended: null in order, else how it failed.</summary>
    public Task<AssociationFailure?> Ended => _ended.Task;

    internal AssociationId Id => _id;

    /// <summary>Addresses, ports, tags and figures.</summary>
    public Task<AssociationInfo> GetInfoAsync() => _loop.InvokeAsync((endpoint, _) =>
        endpoint.TryGetInfo(_id, out var info) ? info : throw new SctpException(SctpError.NotConnected));

    /// <summary>Sends one message, or one part of one; done when the send buffer has taken it. The memory is read until then.</summary>
    public Task SendAsync(ushort stream, uint payloadProtocolId, SendModes modes, ReadOnlyMemory<byte> payload)
    {
        var send = new PendingSend(stream, payloadProtocolId, modes, payload);
        _loop.Post((endpoint, now) =>
        {
            if (_loopFailure is not null || _closed)
            {
                send.Completion.TrySetException(_loopFailure ?? new SctpException(SctpError.BrokenPipe));
                return;
            }

            if (_send is not null)
            {
                send.Completion.TrySetException(new InvalidOperationException("a send is under way"));
                return;
            }

            _send = send;
            TrySend(endpoint, now);
        });
        return send.Completion.Task;
    }

    /// <summary>Reads the next message or part of one into <paramref name="buffer"/>, waiting for it.</summary>
    public Task<ReceiveResult> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var read = new PendingRead(buffer);
        _loop.Post((endpoint, now) => BeginRead(read, endpoint, now));
        if (cancellationToken.CanBeCanceled)
        {
            // The cancellation runs on the loop too, so that the buffer is not written once the caller has it back.
            read.Registration = cancellationToken.Register(() => _loop.Post((_, _) =>
            {
                _read = _read == read ? null : _read;
                read.Completion.TrySetCanceled(cancellationToken);
            }));
        }

        return read.Completion.Task;
    }

    /// <summary>Sends what is queued and ends in order (RFC 9260 section 9.2); <see cref="Ended"/> says when.</summary>
    public Task ShutdownAsync() => _loop.InvokeAsync((endpoint, now) => endpoint.Shutdown(_id, now));

    /// <summary>Ends at once with ABORT.</summary>
    public void Abort() => _loop.Post((endpoint, now) => endpoint.Abort(_id, "ended by the program"u8, now));

    /// <summary>
    /// What a kernel does when the last descriptor is closed: SHUTDOWN, but ABORT when something that arrived was never read (the peer must
    /// not believe that it was). The association lives on by itself until it has ended.
    /// </summary>
    public void Close() => _loop.Post((endpoint, now) =>
    {
        if (_closed)
        {
            return;
        }

        _closed = true;
        CompleteRead(new SctpException(SctpError.BadDescriptor));
        CompleteSend(new SctpException(SctpError.BadDescriptor));
        if (_ended.Task.IsCompleted || !_established.Task.IsCompletedSuccessfully)
        {
            Forget(endpoint, now);
        }
        else if (HasUnread(endpoint) || !endpoint.Shutdown(_id, now))
        {
            endpoint.Abort(_id, "closed with unread data"u8, now);
        }
    });

    internal void Handle(in EndpointEvent occurred, SctpEndpoint endpoint, long now)
    {
        switch (occurred.Kind)
        {
            case EndpointEventKind.Established:
                _established.TrySetResult();
                break;
            case EndpointEventKind.Writable:
                TrySend(endpoint, now);
                break;
            case EndpointEventKind.MessageAvailable when _closed:
                // Nobody will ever read it.
                endpoint.Abort(_id, "the program has closed the association"u8, now);
                break;
            case EndpointEventKind.MessageAvailable or EndpointEventKind.PeerShutdown:
                TryRead(endpoint, now);
                TrySend(endpoint, now);
                break;
            case EndpointEventKind.ShutdownComplete or EndpointEventKind.Failed:
                End(occurred.Failure, endpoint, now);
                break;
        }
    }

    internal void MarkEstablished() => _established.TrySetResult();

    internal void LoopEnded(SctpException failure)
    {
        _loopFailure = failure;
        _established.TrySetException(failure);
        _ended.TrySetResult(new AssociationFailure(FailureReason.ResourceLimit, 0, default, failure.Message));
        CompleteRead(failure);
        CompleteSend(failure);
    }

    private void End(AssociationFailure? failure, SctpEndpoint endpoint, long now)
    {
        _ended.TrySetResult(failure);
        if (failure is not null && !_established.Task.IsCompleted)
        {
            _established.TrySetException(FailureErrors.ToException(failure, connecting: true));
        }

        TryRead(endpoint, now);
        TrySend(endpoint, now);
        if (_closed || !_established.Task.IsCompletedSuccessfully)
        {
            Forget(endpoint, now);
        }
    }

    private void Forget(SctpEndpoint endpoint, long now)
    {
        endpoint.Release(_id, now);
        _loop.Remove(_id);
    }

    private bool HasUnread(SctpEndpoint endpoint) => endpoint.TryGetInfo(_id, out var info) && info.ReceiveBufferUsed > 0;

    private void BeginRead(PendingRead read, SctpEndpoint endpoint, long now)
    {
        if (_loopFailure is not null || _closed)
        {
            read.Completion.TrySetException(_loopFailure ?? new SctpException(SctpError.BadDescriptor));
        }
        else if (_read is not null)
        {
            read.Completion.TrySetException(new InvalidOperationException("a receive is under way"));
        }
        else if (!read.Completion.Task.IsCompleted)
        {
            _read = read;
            TryRead(endpoint, now);
        }
    }

    private void TryRead(SctpEndpoint endpoint, long now)
    {
        if (_read is not { } read)
        {
            return;
        }

        var status = endpoint.Read(_id, read.Buffer.Span, out var part, now);
        switch (status)
        {
            case ReadStatus.Empty:
                return;
            case ReadStatus.Data or ReadStatus.EndOfStream:
                _read = null;
                read.Registration.Dispose();
                read.Completion.TrySetResult(new ReceiveResult(status == ReadStatus.EndOfStream, part));
                return;
            default:
                CompleteRead(FailureOf(endpoint));
                return;
        }
    }

    private void TrySend(SctpEndpoint endpoint, long now)
    {
        if (_send is not { } send)
        {
            return;
        }

        var status = endpoint.Send(_id, send.Stream, send.PayloadProtocolId, send.Modes, send.Payload.Span, now);
        if (status == SendStatus.WouldBlock)
        {
            return;
        }

        _send = null;
        if (status == SendStatus.Accepted)
        {
            send.Completion.TrySetResult();
        }
        else
        {
            send.Completion.TrySetException(SendFailure(status, endpoint));
        }
    }

    private SctpException SendFailure(SendStatus status, SctpEndpoint endpoint) => status switch
    {
        SendStatus.MessageTooLarge => new SctpException(SctpError.MessageTooLong),
        SendStatus.EmptyMessage or SendStatus.InvalidStream or SendStatus.MessageUnfinished => new SctpException(SctpError.InvalidArgument),
        _ when _ended.Task.IsCompletedSuccessfully && _ended.Task.Result is not null => FailureOf(endpoint),
        _ => new SctpException(SctpError.BrokenPipe),
    };

    private SctpException FailureOf(SctpEndpoint endpoint)
    {
        var failure = _ended.Task.IsCompletedSuccessfully ? _ended.Task.Result : null;
        if (failure is null && endpoint.TryGetInfo(_id, out var info))
        {
            failure = info.Failure;
        }

        return failure is null ? new SctpException(SctpError.NotConnected) : FailureErrors.ToException(failure, connecting: false);
    }

    private void CompleteRead(SctpException failure)
    {
        var read = _read;
        _read = null;
        read?.Registration.Dispose();
        read?.Completion.TrySetException(failure);
    }

    private void CompleteSend(SctpException failure)
    {
        var send = _send;
        _send = null;
        send?.Completion.TrySetException(failure);
    }
}
