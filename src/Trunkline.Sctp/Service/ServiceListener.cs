using System.Net;
using Trunkline.Sctp.Backends;

namespace Trunkline.Sctp.Service;

/// <summary>A listening port of the node's SCTP service.</summary>
internal sealed class ServiceListener(string path, ClientChannel channel, IPEndPoint bound) : IListenerBackend
{
    public SctpBackend Kind => SctpBackend.Service;

    public IPEndPoint LocalEndPoint => bound;

    public async ValueTask<IAssociationBackend> AcceptAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var token = await channel.CallAsync(w => w.Start(FrameKind.Accept), cancellationToken);
            try
            {
                return await ServiceClient.AttachAsync(path, token, cancellationToken);
            }
            catch (SctpException gone) when (gone.Error is SctpError.NotConnected or SctpError.ConnectionAborted)
            {
                // Ended between accept and attach: the next one.
                continue;
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        channel.Dispose();
        return ValueTask.CompletedTask;
    }
}
