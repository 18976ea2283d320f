namespace Trunkline.Sctp.Loops;

/// <summary>A receive that waits for something to arrive.</summary>
internal sealed class PendingRead(Memory<byte> buffer)
{
    internal Memory<byte> Buffer { get; } = buffer;

    internal TaskCompletionSource<ReceiveResult> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal CancellationTokenRegistration Registration { get; set; }
}
