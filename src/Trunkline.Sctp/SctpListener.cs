using System.Net;
using Trunkline.Sctp.Backends;
using Trunkline.Sctp.Endpoint;
using Trunkline.Sctp.Loops;
using Trunkline.Sctp.Service;

namespace Trunkline.Sctp;

/// <summary>A port at which associations are accepted.</summary>
public sealed class SctpListener : IAsyncDisposable
{
    private readonly IListenerBackend _backend;

    private SctpListener(IListenerBackend backend) => _backend = backend;

    /// <summary>Who runs it.</summary>
    public SctpBackend Backend => _backend.Kind;

    public IPEndPoint LocalEndPoint => _backend.LocalEndPoint;

    /// <summary>Begins to listen.</summary>
    /// <exception cref="SctpException">EADDRINUSE, EADDRNOTAVAIL, EPROTONOSUPPORT (no SCTP here).</exception>
    public static async ValueTask<SctpListener> ListenAsync(SctpListenerOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Port, ushort.MaxValue);
        if (options.Endpoint is { } loop)
        {
            var local = options.Address is null ? null : new IPEndPoint(options.Address, options.Port);
            return new SctpListener(new LoopListenerBackend(
                await loop.ListenAsync(local, (ushort)options.Port, new ListenOptions { Backlog = options.Backlog })));
        }

        return new SctpListener(BackendDetection.Detect() == SctpBackend.Service
            ? await ServiceClient.ListenAsync(BackendDetection.SocketPath, options, cancellationToken)
            : KernelSockets.Listen(options));
    }

    /// <summary>The next association, oldest first.</summary>
    public async ValueTask<SctpAssociation> AcceptAssociationAsync(CancellationToken cancellationToken = default) =>
        new(await _backend.AcceptAsync(cancellationToken));

    public ValueTask DisposeAsync() => _backend.DisposeAsync();
}
