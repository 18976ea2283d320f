using Trunkline.Netcat.CommandLine;
using Trunkline.Netcat.Connections;

namespace Trunkline.Netcat.Sessions;

/// <summary>The two directions of a connection, and what the end of one means for the other.</summary>
internal sealed class Relay(IConnection connection, NetcatOptions options, NetcatStreams streams, Reporter reporter) : IDisposable
{
    // A message of SCTP and a UDP datagram are at most this large; Ncat reads 8 KiB for UDP and streams alike.
    private const int InputSize = 8192;
    private const int ReceiveSize = 65536;
    private static readonly TimeSpan _refusalWait = TimeSpan.FromMilliseconds(50);
    private readonly IdleClock _idle = new(options.IdleTimeout);

    internal long Sent { get; private set; }

    internal long Received { get; private set; }

    internal IdleClock Idle => _idle;

    /// <summary>Runs a connecting client until both directions have ended.</summary>
    internal async Task RunClientAsync()
    {
        if (options is { SendOnly: true, ReceiveOnly: true })
        {
            // Neither reads the network nor the input: nothing is left to wait for.
            return;
        }

        var receiving = ReceiveAsync();
        if (options.ReceiveOnly)
        {
            await receiving;
            return;
        }

        var sending = SendInputAsync();
        var first = await Task.WhenAny(sending, receiving);
        if (first == sending)
        {
            if (sending.IsFaulted && !connection.HasHalfClose && connection.HasEnd)
            {
                // An association that no longer takes data is ending: how, receiving knows. UDP has no end that could come.
                await receiving;
            }

            await sending;
            await AfterInputAsync(receiving);
            return;
        }

        await receiving;
        if (connection.HasHalfClose)
        {
            await sending;
        }
    }

    private async Task AfterInputAsync(Task receiving)
    {
        if (!connection.HasEnd)
        {
            // A refusal that is already here (ICMP port unreachable) is told; nothing else is waited for.
            await await Task.WhenAny(receiving, Task.Delay(_refusalWait, TimeProvider.System));
            return;
        }

        if (!connection.HasHalfClose)
        {
            reporter.Detail("SCTP has no half-close: end of input starts SHUTDOWN once everything sent is acknowledged.");
            await FinishUnlessEndedAsync(receiving);
        }
        else if (!options.NoShutdown)
        {
            await connection.FinishSendingAsync(CancellationToken.None);
        }

        // A TCP connection that only sends is done; an SCTP association is done when its SHUTDOWN is complete.
        if (!options.SendOnly || !connection.HasHalfClose)
        {
            await receiving;
        }
    }

    /// <summary>Reads until the peer ends. What arrives is printed, unless only sending was asked for.</summary>
    internal async Task ReceiveAsync()
    {
        var buffer = new byte[ReceiveSize];
        int count;
        while ((count = await connection.ReadAsync(buffer, _idle.Token)) > 0)
        {
            _idle.Moved();
            if (!options.SendOnly)
            {
                Received += count;
                await streams.Output.WriteAsync(buffer.AsMemory(0, count));
                await streams.Output.FlushAsync();
            }
        }
    }

    /// <summary>Sends bytes of the input on.</summary>
    internal async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        await connection.WriteAsync(bytes, _idle.Token);
        Sent += bytes.Length;
        _idle.Moved();
    }

    /// <summary>The end of a listener's input. SCTP has no half-close, so it must not end what the peer still sends.</summary>
    internal async Task EndListenerInputAsync(Task receiving)
    {
        if (connection.HasHalfClose)
        {
            if (!options.NoShutdown)
            {
                await connection.FinishSendingAsync(CancellationToken.None);
            }
        }
        else if (connection.HasEnd)
        {
            if (options.SendOnly)
            {
                await FinishUnlessEndedAsync(receiving);
                return;
            }

            reporter.Detail("SCTP has no half-close: end of input does not start SHUTDOWN; waiting for the peer's (use --send-only to end).");
        }
    }

    public void Dispose() => _idle.Dispose();

    private async Task FinishUnlessEndedAsync(Task receiving)
    {
        try
        {
            await connection.FinishSendingAsync(CancellationToken.None);
        }
        catch (ConnectionException)
        {
            // The peer was first. How it ended is what receiving says.
            await receiving;
        }
    }

    private async Task SendInputAsync()
    {
        var endings = options.Crlf ? new LineEndings() : null;
        var buffer = new byte[InputSize];
        int count;
        while ((count = await streams.Input.ReadAsync(buffer, _idle.Token)) > 0)
        {
            await SendAsync(endings is null ? buffer.AsMemory(0, count) : endings.Convert(buffer.AsSpan(0, count)));
        }
    }
}
