namespace Trunkline.Netcat.Sessions;

/// <summary><c>-i</c>: cancels when neither side has moved a byte for so long.</summary>
internal sealed class IdleClock : IDisposable
{
    private readonly CancellationTokenSource _expired = new();
    private readonly TimeSpan? _limit;

    internal IdleClock(TimeSpan? limit)
    {
        _limit = limit;
        Moved();
    }

    internal CancellationToken Token => _expired.Token;

    internal bool HasExpired => _expired.IsCancellationRequested;

    internal string Complaint => $"Idle timeout expired ({(long)_limit.GetValueOrDefault().TotalMilliseconds} ms).";

    internal void Moved()
    {
        if (_limit is { } limit)
        {
            _expired.CancelAfter(limit);
        }
    }

    public void Dispose() => _expired.Dispose();
}
