using System.Net.WebSockets;
using Trunkline.Node.Streaming.Channels;

namespace Trunkline.Node.Streaming.Sessions;

/// <summary>Joins a connection's channels to a process's streams until the process has ended, or the other side is gone.</summary>
internal sealed class StreamSession(ChannelConnection connection, IStreamedProcess process, StreamRequest request, TimeProvider time)
{
    private static readonly TimeSpan GoodbyePatience = TimeSpan.FromSeconds(5);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var input = ReceiveAsync(ended.Token);
        var output = RunProcessAsync(cancellationToken);
        if (await Task.WhenAny(input, output) == input && await input == Ending.PeerGone)
        {
            await process.AbandonAsync();
        }

        try
        {
            await output;
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or IOException)
        {
            await process.AbandonAsync(); // nobody reads any more
        }

        // The other side's goodbye is waited for: cancelling a receive resets the connection, and what is still on its way would be lost.
        await Task.WhenAny(input, Task.Delay(GoodbyePatience, time, CancellationToken.None));
        await ended.CancelAsync();
        await input;
    }

    private async Task RunProcessAsync(CancellationToken cancellationToken)
    {
        await process.PumpAsync(
            (error, data) => error
                ? request.Stderr ? connection.SendAsync(StreamChannel.Stderr, data, cancellationToken) : Task.CompletedTask
                : request.Stdout ? connection.SendAsync(StreamChannel.Stdout, data, cancellationToken) : Task.CompletedTask,
            cancellationToken);
        var exitCode = await process.ExitedAsync();
        await connection.SendAsync(StreamChannel.Error, ChannelProtocol.Status(exitCode ?? 0), cancellationToken);
        await connection.CloseAsync(cancellationToken);
    }

    private async Task<Ending> ReceiveAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await connection.ReceiveAsync(cancellationToken) is var (channel, data))
            {
                await TakeAsync(channel, data, cancellationToken);
            }

            return Ending.PeerGone;
        }
        catch (OperationCanceledException)
        {
            return Ending.ProcessEnded;
        }
    }

    private async Task TakeAsync(StreamChannel channel, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        switch (channel)
        {
            case StreamChannel.Stdin when request.Stdin && data.Length > 0:
                await process.WriteAsync(data, cancellationToken);
                break;
            case StreamChannel.Close when data.Length == 1 && data.Span[0] == (byte)StreamChannel.Stdin:
                process.CloseInput();
                break;
            case StreamChannel.Resize when ChannelProtocol.TryReadSize(data.Span, out var columns, out var rows):
                process.Resize(columns, rows);
                break;
            default:
                break; // a channel that has no meaning here: newer clients may have more
        }
    }

    private enum Ending
    {
        PeerGone,
        ProcessEnded,
    }
}
