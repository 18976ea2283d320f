using System.Net;
using System.Net.Sockets;

namespace Trunkline.Sctp.Backends;

/// <summary>An association of the kernel: sendmsg and recvmsg with SCTP's control messages (RFC 6458 section 5.3), readiness by .NET's engine.</summary>
internal sealed class KernelAssociation : IAssociationBackend
{
    // Linux neither wakes nor tells a reader when the SHUTDOWN that it began itself is complete: only the association is gone.
    private static readonly TimeSpan _lookAgain = TimeSpan.FromMilliseconds(20);
    private readonly Socket _socket;
    private readonly CancellationTokenSource _shutdownBegun = new();
    private readonly TaskCompletionSource<SctpException?> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal KernelAssociation(Socket socket)
    {
        _socket = socket;
        KernelSockets.WantReceiveInfo(socket);
        LocalEndPoint = Unmapped(socket.LocalEndPoint);
        RemoteEndPoint = Unmapped(socket.RemoteEndPoint);
    }

    public SctpBackend Kind => SctpBackend.Kernel;

    public IPEndPoint LocalEndPoint { get; }

    public IPEndPoint RemoteEndPoint { get; }

    public Task<SctpException?> Ended => _ended.Task;

    public async ValueTask SendAsync(ReadOnlyMemory<byte> payload, SctpSendOptions options, CancellationToken cancellationToken)
    {
        if (options.MoreFollows)
        {
            // Explicit end-of-record marking is a mode of the whole kernel socket, and one-to-one sockets are used without it here.
            throw new SctpException(SctpError.OperationNotSupported);
        }

        while (KernelMessages.Send(_socket, payload.Span, options) is var error && error != 0)
        {
            if (error != SctpError.TryAgain)
            {
                throw Fail(error);
            }

            await Task.Run(() => _socket.Poll(TimeSpan.FromMilliseconds(100), SelectMode.SelectWrite), cancellationToken);
        }
    }

    public async ValueTask<SctpReceived> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (true)
        {
            var error = KernelMessages.Receive(_socket, buffer.Span, out var received);
            if (error == 0)
            {
                if (received.EndOfStream)
                {
                    _ended.TrySetResult(null);
                }

                return received;
            }

            if (error != SctpError.TryAgain)
            {
                throw Fail(error);
            }

            if (_shutdownBegun.IsCancellationRequested && !KernelSockets.HasAssociation(_socket))
            {
                _ended.TrySetResult(null);
                return new SctpReceived(0, 0, 0, false, false, EndOfStream: true);
            }

            await WaitReadableAsync(cancellationToken);
        }
    }

    public ValueTask ShutdownAsync(CancellationToken cancellationToken)
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException failed) when (failed.SocketErrorCode == SocketError.NotConnected)
        {
            // The peer's SHUTDOWN was first, and has completed.
            _ended.TrySetResult(null);
        }

        // Whoever reads has to look for the end from now on.
        _shutdownBegun.Cancel();
        return ValueTask.CompletedTask;
    }

    public ValueTask AbortAsync()
    {
        // RFC 6458 section 8.1.4: a linger time of 0 makes close send ABORT.
        _socket.LingerState = new LingerOption(true, 0);
        return DisposeAsync();
    }

    public ValueTask DisposeAsync()
    {
        _ended.TrySetResult(null);
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private async ValueTask WaitReadableAsync(CancellationToken cancellationToken)
    {
        var begun = _shutdownBegun.IsCancellationRequested;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, begun ? CancellationToken.None : _shutdownBegun.Token);
        if (begun)
        {
            limit.CancelAfter(_lookAgain);
        }

        try
        {
            await _socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Time to look again.
            return;
        }
        catch (SocketException failed)
        {
            throw Fail((SctpError)failed.NativeErrorCode);
        }
    }

    private SctpException Fail(SctpError error)
    {
        var failure = new SctpException(error);
        _ended.TrySetResult(failure);
        return failure;
    }

    private static IPEndPoint Unmapped(EndPoint? endPoint)
    {
        var ip = (IPEndPoint)endPoint!;
        return ip.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(ip.Address.MapToIPv4(), ip.Port) : ip;
    }
}
