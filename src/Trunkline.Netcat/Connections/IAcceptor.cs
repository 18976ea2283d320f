using System.Net;

namespace Trunkline.Netcat.Connections;

/// <summary>A port being listened at.</summary>
internal interface IAcceptor : IAsyncDisposable
{
    /// <summary>What <c>-v</c> says we listen on; a socket of both families is two lines, as Ncat's two sockets are.</summary>
    IReadOnlyList<IPEndPoint> EndPoints { get; }

    Task<IConnection> AcceptAsync(CancellationToken cancellationToken);
}
