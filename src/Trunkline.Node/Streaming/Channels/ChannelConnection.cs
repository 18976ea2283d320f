using System.Net.WebSockets;

namespace Trunkline.Node.Streaming.Channels;

/// <summary>One WebSocket as channels. Many may send; one receives.</summary>
internal sealed class ChannelConnection(WebSocket socket) : IDisposable
{
    private const int LargestMessage = 1024 * 1024;

    private readonly SemaphoreSlim _sending = new(1, 1);
    private byte[] _received = new byte[32 * 1024];

    public void Dispose()
    {
        _sending.Dispose();
        socket.Dispose();
    }

    public async Task SendAsync(StreamChannel channel, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        var message = new byte[data.Length + 1];
        message[0] = (byte)channel;
        data.CopyTo(message.AsMemory(1));
        await _sending.WaitAsync(cancellationToken);
        try
        {
            await socket.SendAsync(message, WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>The next message; null when the other side is gone. Valid until the next call.</summary>
    public async Task<(StreamChannel Channel, ReadOnlyMemory<byte> Data)?> ReceiveAsync(CancellationToken cancellationToken)
    {
        var length = 0;
        while (true)
        {
            if (length == _received.Length)
            {
                if (length >= LargestMessage)
                {
                    return null; // nobody's terminal sends such messages; treated as a peer that is gone
                }

                Array.Resize(ref _received, length * 2);
            }

            ValueWebSocketReceiveResult result;
            try
            {
                result = await socket.ReceiveAsync(_received.AsMemory(length), cancellationToken);
            }
            catch (WebSocketException)
            {
                return null; // gone without a goodbye
            }

            if (result.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            length += result.Count;
            if (!result.EndOfMessage)
            {
                continue;
            }

            if (length > 0)
            {
                return ((StreamChannel)_received[0], _received.AsMemory(1, length - 1));
            }

            length = 0; // an empty message names no channel
        }
    }

    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
        {
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", cancellationToken);
        }
    }
}
