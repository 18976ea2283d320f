namespace Trunkline.Sctp.Association;

/// <summary>Streams take turns, message by message: a busy stream does not starve the others.</summary>
internal sealed class RoundRobinScheduler : IStreamScheduler
{
    private readonly Queue<ushort> _streams = new();

    public void Activate(ushort stream) => _streams.Enqueue(stream);

    public bool TryPeek(out ushort stream) => _streams.TryPeek(out stream);

    public void MessageTaken(bool streamHasMore)
    {
        var stream = _streams.Dequeue();
        if (streamHasMore)
        {
            _streams.Enqueue(stream);
        }
    }
}
