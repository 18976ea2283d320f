using System.Net;
using System.Net.Sockets;

namespace Trunkline.Netcat.Connections;

/// <summary>UDP's: the first datagram connects the socket to its sender; a further peer gets a socket of its own at the same port.</summary>
internal sealed class UdpAcceptor(Socket first, IPEndPoint asked, Func<Socket> openAnother) : IAcceptor
{
    private Socket? _listening = first;

    public IReadOnlyList<IPEndPoint> EndPoints { get; } = [asked];

    public async Task<IConnection> AcceptAsync(CancellationToken cancellationToken)
    {
        var socket = _listening ??= openAnother();
        var buffer = new byte[65536];
        var datagram = await socket.ReceiveFromAsync(buffer, SocketFlags.None, asked, cancellationToken);
        await socket.ConnectAsync(datagram.RemoteEndPoint, cancellationToken);

        // Once connected the socket is the connection's.
        _listening = null;
        return new SocketConnection(socket, buffer.AsMemory(0, datagram.ReceivedBytes));
    }

    public ValueTask DisposeAsync()
    {
        _listening?.Dispose();
        return ValueTask.CompletedTask;
    }
}
