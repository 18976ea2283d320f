using Trunkline.Sctp.Endpoint;

namespace Trunkline.Sctp.Loops;

/// <summary>A send that waits for room in the send buffer.</summary>
internal sealed record PendingSend(ushort Stream, uint PayloadProtocolId, SendModes Modes, ReadOnlyMemory<byte> Payload)
{
    internal TaskCompletionSource Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
