using System.Net;
using System.Net.Sockets;

namespace Trunkline.Netcat.Connections;

/// <summary>UDP's: the first datagram connects the socket to its sender.</summary>
internal sealed class UdpAcceptor(Socket socket, IPEndPoint asked) : IAcceptor
{
    private bool _connected;

    public IReadOnlyList<IPEndPoint> EndPoints { get; } = [asked];

    public async Task<IConnection> AcceptAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[65536];
        var first = await socket.ReceiveFromAsync(buffer, SocketFlags.None, asked, cancellationToken);
        await socket.ConnectAsync(first.RemoteEndPoint, cancellationToken);
        _connected = true;
        return new SocketConnection(socket, buffer.AsMemory(0, first.ReceivedBytes));
    }

    public ValueTask DisposeAsync()
    {
        // Once connected the socket is the connection's.
        if (!_connected)
        {
            socket.Dispose();
        }

        return ValueTask.CompletedTask;
    }
}
