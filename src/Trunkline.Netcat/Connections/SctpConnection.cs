using System.Net;
using Trunkline.Sctp;

namespace Trunkline.Netcat.Connections;

/// <summary>An SCTP association as a row of bytes: stream 0, message boundaries forgotten, as Ncat uses it.</summary>
internal sealed class SctpConnection(SctpAssociation association) : IConnection
{
    public IPEndPoint LocalEndPoint => association.LocalEndPoint;

    public IPEndPoint RemoteEndPoint => association.RemoteEndPoint;

    public bool HasHalfClose => false;

    public bool HasEnd => true;

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            var received = await association.ReceiveAsync(buffer, cancellationToken);
            return received.EndOfStream ? 0 : received.Length;
        }
        catch (SctpException failed)
        {
            throw ConnectionException.From(failed);
        }
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            await association.SendAsync(bytes, default, cancellationToken);
        }
        catch (SctpException failed)
        {
            throw ConnectionException.From(failed);
        }
    }

    public async ValueTask FinishSendingAsync(CancellationToken cancellationToken)
    {
        try
        {
            await association.ShutdownAsync(cancellationToken);
        }
        catch (SctpException failed)
        {
            throw ConnectionException.From(failed);
        }
    }

    public ValueTask DisposeAsync() => association.DisposeAsync();
}
