namespace Trunkline.Sctp.Service;

/// <summary>How many bytes of Data the other end still takes. One waiter at a time.</summary>
internal sealed class CreditGate
{
    private readonly Lock _lock = new();
    private long _available;
    private TaskCompletionSource? _waiter;

    /// <summary>The other end takes so many bytes more.</summary>
    internal void Grant(long bytes)
    {
        TaskCompletionSource? waiter;
        lock (_lock)
        {
            _available += bytes;
            if (_available > ServiceProtocol.Window)
            {
                throw new ProtocolViolationException("more credit than the window");
            }

            waiter = _waiter;
            _waiter = null;
        }

        waiter?.TrySetResult();
    }

    /// <summary>Waits for credit and takes up to <paramref name="wanted"/> of it.</summary>
    internal async ValueTask<int> TakeAsync(int wanted, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task wait;
            lock (_lock)
            {
                if (_available > 0)
                {
                    var taken = (int)Math.Min(wanted, _available);
                    _available -= taken;
                    return taken;
                }

                _waiter ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                wait = _waiter.Task;
            }

            await wait.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Puts back what was taken and not used.</summary>
    internal void Return(int bytes)
    {
        if (bytes > 0)
        {
            Grant(bytes);
        }
    }
}
