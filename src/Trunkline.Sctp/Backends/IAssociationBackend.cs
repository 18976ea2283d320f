using System.Net;

namespace Trunkline.Sctp.Backends;

/// <summary>One association, whoever runs it.</summary>
internal interface IAssociationBackend : IAsyncDisposable
{
    SctpBackend Kind { get; }

    IPEndPoint LocalEndPoint { get; }

    IPEndPoint RemoteEndPoint { get; }

    /// <summary>Null when it ended in order, else why not.</summary>
    Task<SctpException?> Ended { get; }

    ValueTask SendAsync(ReadOnlyMemory<byte> payload, SctpSendOptions options, CancellationToken cancellationToken);

    ValueTask<SctpReceived> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken);

    ValueTask ShutdownAsync(CancellationToken cancellationToken);

    ValueTask AbortAsync();
}
