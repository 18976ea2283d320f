using System.Net;

namespace Trunkline.Netcat.Connections;

/// <summary>Bytes both ways, whatever carries them.</summary>
internal interface IConnection : IAsyncDisposable
{
    IPEndPoint LocalEndPoint { get; }

    IPEndPoint RemoteEndPoint { get; }

    /// <summary>True where one side can end its sending and go on receiving (TCP).</summary>
    bool HasHalfClose { get; }

    /// <summary>True where the peer can end the connection at all (not UDP).</summary>
    bool HasEnd { get; }

    /// <summary>0 when the peer has ended.</summary>
    ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken);

    ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>Nothing more from us: TCP's FIN, SCTP's SHUTDOWN once everything is acknowledged.</summary>
    ValueTask FinishSendingAsync(CancellationToken cancellationToken);
}
