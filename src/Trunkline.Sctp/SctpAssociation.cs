using System.Net;
using Trunkline.Sctp.Backends;
using Trunkline.Sctp.Endpoint;
using Trunkline.Sctp.Loops;
using Trunkline.Sctp.Service;

namespace Trunkline.Sctp;

/// <summary>
/// An association with one peer. One send and one receive may be under way at a time; a full send buffer makes sends wait, and a slow
/// reader closes the peer's window.
/// </summary>
public sealed class SctpAssociation : IAsyncDisposable
{
    private const int MaxMessage = 16 * 1024 * 1024;
    private readonly IAssociationBackend _backend;

    internal SctpAssociation(IAssociationBackend backend) => _backend = backend;

    /// <summary>Who runs it.</summary>
    public SctpBackend Backend => _backend.Kind;

    public IPEndPoint LocalEndPoint => _backend.LocalEndPoint;

    public IPEndPoint RemoteEndPoint => _backend.RemoteEndPoint;

    /// <summary>Done when the association is gone: null when SHUTDOWN completed, else why it failed.</summary>
    public Task<SctpException?> Ended => _backend.Ended;

    /// <summary>Connects.</summary>
    /// <exception cref="SctpException">As a kernel: ECONNREFUSED (ABORT), ETIMEDOUT, EPROTONOSUPPORT (no SCTP here), ENOPROTOOPT (none there).</exception>
    public static async ValueTask<SctpAssociation> ConnectAsync(SctpConnectionOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var any = options.RemoteEndPoint.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any;
        var local = options.LocalEndPoint ?? new IPEndPoint(any, 0);
        if (options.Endpoint is { } loop)
        {
            var association = await loop.ConnectAsync(local, options.RemoteEndPoint, AssociationOptions.Default, cancellationToken);
            return new SctpAssociation(await LoopAssociationBackend.CreateAsync(association));
        }

        return new SctpAssociation(BackendDetection.Detect() == SctpBackend.Service
            ? await ServiceClient.ConnectAsync(BackendDetection.SocketPath, local, options.RemoteEndPoint, cancellationToken)
            : await KernelSockets.ConnectAsync(local, options.RemoteEndPoint, cancellationToken));
    }

    /// <summary>Sends one message (or a part of one); done when the send buffer has taken it.</summary>
    public ValueTask SendAsync(ReadOnlyMemory<byte> payload, SctpSendOptions options = default, CancellationToken cancellationToken = default) =>
        _backend.SendAsync(payload, options, cancellationToken);

    /// <summary>Receives the next message into a buffer; one larger than the buffer comes in parts.</summary>
    public ValueTask<SctpReceived> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _backend.ReceiveAsync(buffer, cancellationToken);

    /// <summary>Receives the next whole message; null when the peer has shut down.</summary>
    public async ValueTask<SctpMessage?> ReceiveMessageAsync(CancellationToken cancellationToken = default)
    {
        var buffer = new byte[2048];
        var length = 0;
        while (true)
        {
            var part = await _backend.ReceiveAsync(buffer.AsMemory(length), cancellationToken);
            if (part.EndOfStream)
            {
                return null;
            }

            length += part.Length;
            if (part.EndOfMessage)
            {
                return new SctpMessage(part.Stream, part.PayloadProtocolId, part.Unordered, buffer.AsMemory(0, length));
            }

            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, length < MaxMessage ? length * 2 : throw new SctpException(SctpError.MessageTooLong));
            }
        }
    }

    /// <summary>Begins SHUTDOWN: what was sent is delivered first, and what arrives until the end can still be received.</summary>
    public ValueTask ShutdownAsync(CancellationToken cancellationToken = default) => _backend.ShutdownAsync(cancellationToken);

    /// <summary>Ends at once with ABORT.</summary>
    public ValueTask AbortAsync() => _backend.AbortAsync();

    /// <summary>Closes: SHUTDOWN as far as it has not begun, ABORT where something that arrived was never read.</summary>
    public ValueTask DisposeAsync() => _backend.DisposeAsync();
}
