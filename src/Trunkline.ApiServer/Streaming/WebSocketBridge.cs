using System.Net.WebSockets;

namespace Trunkline.ApiServer.Streaming;

/// <summary>Carries messages between two WebSockets, both ways, until one side has closed.</summary>
internal static class WebSocketBridge
{
    public static async Task RunAsync(WebSocket client, WebSocket node, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var toNode = CarryAsync(client, node, stop.Token);
        var toClient = CarryAsync(node, client, stop.Token);

        // The node's end is the command's end. A client that goes away ends the command's connection; both ways are then over.
        await Task.WhenAny(toNode, toClient);
        await CloseAsync(client, node.CloseStatus, node.CloseStatusDescription, cancel);
        await CloseAsync(node, client.CloseStatus, client.CloseStatusDescription, cancel);
        await stop.CancelAsync();
        await Task.WhenAll(Ended(toNode), Ended(toClient));
    }

    private static async Task CarryAsync(WebSocket from, WebSocket to, CancellationToken cancel)
    {
        var buffer = new byte[32 * 1024];
        while (true)
        {
            var received = await from.ReceiveAsync(buffer.AsMemory(), cancel);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                return;
            }

            await to.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, received.EndOfMessage, cancel);
        }
    }

    private static async Task CloseAsync(WebSocket socket, WebSocketCloseStatus? status, string? description, CancellationToken cancel)
    {
        if (socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived))
        {
            return;
        }

        try
        {
            await socket.CloseOutputAsync(status ?? WebSocketCloseStatus.NormalClosure, description, cancel);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            // The other side is gone already: there is nobody left to tell.
            socket.Abort();
        }
    }

    private static async Task Ended(Task carrying)
    {
        try
        {
            await carrying;
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            // A connection that breaks is how most of these end.
        }
    }
}
