using System.Net;
using Trunkline.Sctp.Endpoint;
using Trunkline.Sctp.Loops;

namespace Trunkline.Sctp.Backends;

/// <summary>An association that runs in this process.</summary>
internal sealed class LoopAssociationBackend : IAssociationBackend
{
    private readonly LoopAssociation _association;

    private LoopAssociationBackend(LoopAssociation association, in AssociationInfo info)
    {
        _association = association;
        LocalEndPoint = new IPEndPoint(info.LocalAddress.ToIPAddress(), info.LocalPort);
        RemoteEndPoint = new IPEndPoint(info.PeerAddress.ToIPAddress(), info.PeerPort);
        Ended = WaitForEndAsync();
    }

    public SctpBackend Kind => SctpBackend.InProcess;

    public IPEndPoint LocalEndPoint { get; }

    public IPEndPoint RemoteEndPoint { get; }

    public Task<SctpException?> Ended { get; }

    internal static async Task<LoopAssociationBackend> CreateAsync(LoopAssociation association) =>
        new(association, await association.GetInfoAsync());

    public async ValueTask SendAsync(ReadOnlyMemory<byte> payload, SctpSendOptions options, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var modes = (options.Unordered ? SendModes.Unordered : SendModes.None) | (options.MoreFollows ? SendModes.MoreFollows : SendModes.None);
        await _association.SendAsync(options.Stream, options.PayloadProtocolId, modes, payload);
    }

    public async ValueTask<SctpReceived> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var (end, part) = await _association.ReceiveAsync(buffer, cancellationToken);
        return new SctpReceived(part.Length, part.Stream, part.PayloadProtocolId, part.Unordered, part.EndOfMessage, end);
    }

    public async ValueTask ShutdownAsync(CancellationToken cancellationToken) => await _association.ShutdownAsync();

    public ValueTask AbortAsync()
    {
        _association.Abort();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _association.Close();
        return ValueTask.CompletedTask;
    }

    private async Task<SctpException?> WaitForEndAsync()
    {
        var failure = await _association.Ended;
        return failure is null ? null : FailureErrors.ToException(failure, connecting: false);
    }
}
