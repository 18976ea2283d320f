using System.Net;
using Trunkline.Sctp.Loops;

namespace Trunkline.Sctp.Backends;

/// <summary>A port at which this process listens.</summary>
internal sealed class LoopListenerBackend(LoopListener listener) : IListenerBackend
{
    public SctpBackend Kind => SctpBackend.InProcess;

    public IPEndPoint LocalEndPoint { get; } = new(
        listener.Address.IsIPv4 ? listener.Address.ToIPAddress() : listener.Address.IsIPv6 ? listener.Address.ToIPAddress() : IPAddress.IPv6Any, listener.Port);

    public async ValueTask<IAssociationBackend> AcceptAsync(CancellationToken cancellationToken) =>
        await LoopAssociationBackend.CreateAsync(await listener.AcceptAsync(cancellationToken));

    public ValueTask DisposeAsync()
    {
        listener.Close();
        return ValueTask.CompletedTask;
    }
}
