using System.Net;
using System.Net.Sockets;

namespace Trunkline.Sctp.Backends;

/// <summary>A listening kernel socket.</summary>
internal sealed class KernelListener(Socket socket) : IListenerBackend
{
    public SctpBackend Kind => SctpBackend.Kernel;

    public IPEndPoint LocalEndPoint { get; } = (IPEndPoint)socket.LocalEndPoint!;

    public async ValueTask<IAssociationBackend> AcceptAsync(CancellationToken cancellationToken)
    {
        try
        {
            return new KernelAssociation(await socket.AcceptAsync(cancellationToken));
        }
        catch (SocketException failed)
        {
            throw KernelSockets.ToSctp(failed);
        }
    }

    public ValueTask DisposeAsync()
    {
        socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
