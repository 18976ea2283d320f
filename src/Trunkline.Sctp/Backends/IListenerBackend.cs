using System.Net;

namespace Trunkline.Sctp.Backends;

/// <summary>One listening port, whoever runs it.</summary>
internal interface IListenerBackend : IAsyncDisposable
{
    SctpBackend Kind { get; }

    IPEndPoint LocalEndPoint { get; }

    ValueTask<IAssociationBackend> AcceptAsync(CancellationToken cancellationToken);
}
