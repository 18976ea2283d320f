using System.Buffers;
using System.Net.WebSockets;

namespace Trunkline.ApiServer.Streaming;

/// <summary>Carries messages between two WebSockets until either closes.</summary>
internal static class WebSocketRelay
{
    private const int BufferSize = 32 * 1024;

    public static async Task RunAsync(WebSocket client, WebSocket node, CancellationToken token)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(token);
        var toNode = CopyAsync(client, node, ended.Token);
        var toClient = CopyAsync(node, client, ended.Token);
        var first = await Task.WhenAny(toNode, toClient);
        if (first == toNode)
        {
            // The client is gone: what the node still says has no reader.
            await ended.CancelAsync();
        }

        await Task.WhenAll(toNode, toClient).WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await ended.CancelAsync();
    }

    private static async Task CopyAsync(WebSocket from, WebSocket to, CancellationToken token)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            while (true)
            {
                var received = await from.ReceiveAsync(buffer.AsMemory(), token);
                if (received.MessageType == WebSocketMessageType.Close)
                {
                    if (to.State is WebSocketState.Open or WebSocketState.CloseReceived)
                    {
                        await to.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, from.CloseStatusDescription, token);
                    }

                    return;
                }

                await to.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, received.EndOfMessage, token);
            }
        }
        catch (Exception gone) when (gone is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            // A side that breaks off ends the stream for both.
            to.Abort();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
