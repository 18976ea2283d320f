namespace Trunkline.Node.Network.Services;

/// <summary>Who is being answered at one port. There is always room for one more: the one who has waited longest goes, for an honest one is done within a round trip.</summary>
internal sealed class Callers
{
    private const int Most = 32;
    private readonly Lock _lock = new();
    private readonly LinkedList<CancellationTokenSource> _waiting = [];

    public void Enter(CancellationTokenSource caller)
    {
        CancellationTokenSource? oldest = null;
        lock (_lock)
        {
            _waiting.AddLast(caller);
            if (_waiting.Count > Most)
            {
                oldest = _waiting.First!.Value;
                _waiting.RemoveFirst();
            }
        }

        Cancel(oldest);
    }

    public void Leave(CancellationTokenSource caller)
    {
        lock (_lock)
        {
            _waiting.Remove(caller);
        }
    }

    private static void Cancel(CancellationTokenSource? caller)
    {
        try
        {
            caller?.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It was done in this very moment.
        }
    }
}
