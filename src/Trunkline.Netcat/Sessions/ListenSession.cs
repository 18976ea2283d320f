using System.Threading.Channels;
using Trunkline.Netcat.CommandLine;
using Trunkline.Netcat.Connections;

namespace Trunkline.Netcat.Sessions;

/// <summary><c>nc -l</c>.</summary>
internal sealed class ListenSession(NetcatOptions options, NetcatStreams streams, Reporter reporter) : IDisposable
{
    private static readonly TimeSpan _lastInputWait = TimeSpan.FromMilliseconds(50);
    private readonly Channel<IConnection> _accepted = Channel.CreateUnbounded<IConnection>();
    private readonly CancellationTokenSource _stopAccepting = new();

    internal async Task<int> RunAsync()
    {
        var acceptors = await AcceptorFactory.OpenAsync(options, reporter);
        foreach (var endPoint in acceptors.SelectMany(acceptor => acceptor.EndPoints))
        {
            reporter.Detail($"Listening on {EndPointText.Of(endPoint)}");
        }

        var accepting = Task.WhenAll(acceptors.Select(AcceptAllAsync));
        try
        {
            return options.KeepOpen ? await new Audience(options, streams, reporter).RunAsync(_accepted.Reader) : await ServeOneAsync(acceptors, accepting);
        }
        finally
        {
            await _stopAccepting.CancelAsync();
            await CloseAsync(acceptors);
        }
    }

    public void Dispose() => _stopAccepting.Dispose();

    private async Task<int> ServeOneAsync(IReadOnlyList<IAcceptor> acceptors, Task accepting)
    {
        await using var connection = await FirstAsync();
        await _stopAccepting.CancelAsync();
        await accepting;
        await CloseAsync(acceptors);
        Announce.Connection(reporter, connection);
        if (options.HasCommand)
        {
            await CommandSession.RunAsync(connection, options, reporter);
            return 0;
        }

        if (options is { SendOnly: true, ReceiveOnly: true })
        {
            return 0;
        }

        using var relay = new Relay(connection, options, streams, reporter);
        try
        {
            var receiving = relay.ReceiveAsync();
            var sending = options.ReceiveOnly ? Task.CompletedTask : SendInputAsync(relay, receiving);
            await await Task.WhenAny(receiving, FailureOf(sending, receiving));
            if (connection.HasHalfClose && !sending.IsCompleted)
            {
                // The peer has said all it had to; input that is already here is still for it.
                await Task.WhenAny(sending, Task.Delay(_lastInputWait, TimeProvider.System));
            }

            return 0;
        }
        catch (ConnectionException failed)
        {
            if (connection.HasEnd)
            {
                reporter.Debug($"{failed.Message}.");
            }
            else
            {
                // A UDP listener that has its peer is to Ncat a client like any other.
                reporter.User($"{failed.Message}.");
            }

            return 1;
        }
        catch (OperationCanceledException) when (relay.Idle.HasExpired)
        {
            throw new QuitException(relay.Idle.Complaint);
        }
    }

    private async Task<IConnection> FirstAsync()
    {
        try
        {
            return await _accepted.Reader.ReadAsync();
        }
        catch (ChannelClosedException closed) when (closed.InnerException is QuitException why)
        {
            throw why;
        }
    }

    private async Task SendInputAsync(Relay relay, Task receiving)
    {
        var endings = options.Crlf ? new LineEndings() : null;
        var buffer = new byte[8192];
        int count;
        while ((count = await streams.Input.ReadAsync(buffer)) > 0)
        {
            await relay.SendAsync(endings is null ? buffer.AsMemory(0, count) : endings.Convert(buffer.AsSpan(0, count)));
        }

        reporter.Debug("EOF on stdin");
        await relay.EndListenerInputAsync(receiving);
    }

    // Input that ends does not end the session; input that cannot be sent does, unless receiving knows better why.
    private async Task FailureOf(Task sending, Task receiving)
    {
        try
        {
            await sending;
        }
        catch (ConnectionException) when (options.Protocol == NetcatProtocol.Sctp)
        {
            await receiving;
        }

        if (options.SendOnly && options.Protocol == NetcatProtocol.Tcp)
        {
            return;
        }

        await receiving;
    }

    private async Task AcceptAllAsync(IAcceptor acceptor)
    {
        try
        {
            while (!_stopAccepting.IsCancellationRequested)
            {
                var connection = await acceptor.AcceptAsync(_stopAccepting.Token);
                if (!_accepted.Writer.TryWrite(connection) || !options.KeepOpen)
                {
                    return;
                }

                if (!connection.HasEnd)
                {
                    // The datagram's socket is the connection's now; the next peer needs another one.
                    reporter.Detail($"Listening on {EndPointText.Of(acceptor.EndPoints[0])}");
                }
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException)
        {
            // The one connection asked for is there.
            _ = ended;
        }
        catch (Exception failed) when (failed is Trunkline.Sctp.SctpException or System.Net.Sockets.SocketException)
        {
            _accepted.Writer.TryComplete(new QuitException($"accept: {failed.Message}."));
        }
    }

    private static async Task CloseAsync(IReadOnlyList<IAcceptor> acceptors)
    {
        foreach (var acceptor in acceptors)
        {
            await acceptor.DisposeAsync();
        }
    }
}
