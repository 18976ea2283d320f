using System.Net;
using Trunkline.Sctp;

namespace Trunkline.Netcat.Connections;

/// <summary>SCTP's; one listener may serve both families.</summary>
internal sealed class SctpAcceptor(SctpListener listener, IReadOnlyList<IPEndPoint> asked) : IAcceptor
{
    public IReadOnlyList<IPEndPoint> EndPoints => asked;

    internal SctpBackend Backend => listener.Backend;

    public async Task<IConnection> AcceptAsync(CancellationToken cancellationToken) =>
        new SctpConnection(await listener.AcceptAssociationAsync(cancellationToken));

    public ValueTask DisposeAsync() => listener.DisposeAsync();
}
