using System.Net;
using Trunkline.Sctp.Endpoint;

namespace Trunkline.Sctp.Loops;

/// <summary>connect and listen on a loop, with a kernel's errors.</summary>
public static class LoopCalls
{
    /// <summary>Connects; ends the attempt with ABORT when cancelled.</summary>
    public static async Task<LoopAssociation> ConnectAsync(
        this EndpointLoop loop, IPEndPoint local, IPEndPoint peer, AssociationOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(loop);
        ArgumentNullException.ThrowIfNull(local);
        ArgumentNullException.ThrowIfNull(peer);
        var association = await loop.InvokeAsync((endpoint, now) => Begin(loop, endpoint, local, peer, options, now));
        try
        {
            await association.Established.WaitAsync(cancellationToken);
            return association;
        }
        catch (OperationCanceledException)
        {
            association.Abort();
            association.Close();
            throw;
        }
    }

    /// <summary>Listens at an address of the namespace; port 0 asks for any.</summary>
    public static Task<LoopListener> ListenAsync(this EndpointLoop loop, IPEndPoint? local, ushort port, ListenOptions options)
    {
        ArgumentNullException.ThrowIfNull(loop);
        var address = local is null ? default : SctpAddress.FromIPAddress(local.Address);
        return loop.InvokeAsync((endpoint, _) =>
        {
            if (!address.IsAny && !loop.Transport.IsLocal(address))
            {
                throw new SctpException(SctpError.AddressNotAvailable);
            }

            var status = endpoint.Listen(address, port, options, out var id, out var bound);
            if (status != ListenStatus.Listening)
            {
                throw new SctpException(status == ListenStatus.InUse ? SctpError.AddressInUse : SctpError.AddressNotAvailable);
            }

            var listener = new LoopListener(loop, id, address, bound);
            loop.Add(id, listener);
            return listener;
        });
    }

    private static LoopAssociation Begin(EndpointLoop loop, SctpEndpoint endpoint, IPEndPoint local, IPEndPoint peer, AssociationOptions options, long now)
    {
        var destination = SctpAddress.FromIPAddress(peer.Address);
        var source = SctpAddress.FromIPAddress(local.Address);
        if (!destination.IsUnicast)
        {
            throw new SctpException(SctpError.InvalidArgument);
        }

        if (source.IsAny)
        {
            source = loop.Transport.SelectSource(destination);
        }
        else if (!loop.Transport.IsLocal(source))
        {
            throw new SctpException(SctpError.AddressNotAvailable);
        }

        var status = endpoint.Connect(source, (ushort)local.Port, destination, (ushort)peer.Port, options, now, out var id);
        if (status != ConnectStatus.Started)
        {
            throw FailureErrors.ToException(status);
        }

        var association = new LoopAssociation(loop, id);
        loop.Add(id, association);
        return association;
    }
}
