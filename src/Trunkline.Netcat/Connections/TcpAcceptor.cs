using System.Net;
using System.Net.Sockets;

namespace Trunkline.Netcat.Connections;

/// <summary>TCP's listening socket.</summary>
internal sealed class TcpAcceptor(Socket socket, IPEndPoint asked) : IAcceptor
{
    public IReadOnlyList<IPEndPoint> EndPoints { get; } = [asked];

    public async Task<IConnection> AcceptAsync(CancellationToken cancellationToken) =>
        new SocketConnection(await socket.AcceptAsync(cancellationToken));

    public ValueTask DisposeAsync()
    {
        socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
