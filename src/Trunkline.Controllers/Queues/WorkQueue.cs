using Trunkline.Controllers.Client;

namespace Trunkline.Controllers.Queues;

/// <summary>
/// Keys waiting for work. A key waits once however often it is added; one added while it is worked on waits again when that work is
/// done, so that two workers never hold the same key (client-go's workqueue contract).
/// </summary>
internal sealed class WorkQueue(TimeProvider time, Backoff backoff) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Queue<ObjectKey> _ready = new();
    private readonly HashSet<ObjectKey> _dirty = [];
    private readonly HashSet<ObjectKey> _processing = [];
    private readonly Dictionary<ObjectKey, int> _failures = [];
    private readonly Dictionary<ObjectKey, (DateTimeOffset Due, ITimer Timer)> _delayed = [];
    private readonly SemaphoreSlim _available = new(0);
    private bool _disposed;

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _ready.Count;
            }
        }
    }

    public void Add(ObjectKey key)
    {
        lock (_lock)
        {
            if (_disposed || !_dirty.Add(key) || _processing.Contains(key))
            {
                return;
            }

            _ready.Enqueue(key);
            _available.Release();
        }
    }

    /// <summary>Adds later. Of two delays for one key the earlier counts.</summary>
    public void AddAfter(ObjectKey key, TimeSpan delay)
    {
        if (delay <= TimeSpan.Zero)
        {
            Add(key);
            return;
        }

        lock (_lock)
        {
            var due = time.GetUtcNow() + delay;
            if (_disposed || (_delayed.TryGetValue(key, out var waiting) && waiting.Due <= due))
            {
                return;
            }

            waiting.Timer?.Dispose();
            _delayed[key] = (due, time.CreateTimer(_ => Elapsed(key, due), null, delay, Timeout.InfiniteTimeSpan));
        }
    }

    public void AddRateLimited(ObjectKey key)
    {
        TimeSpan delay;
        lock (_lock)
        {
            var failures = _failures.GetValueOrDefault(key);
            _failures[key] = failures + 1;
            delay = backoff.After(failures);
        }

        AddAfter(key, delay);
    }

    public void Forget(ObjectKey key)
    {
        lock (_lock)
        {
            _failures.Remove(key);
        }
    }

    public async Task<ObjectKey> TakeAsync(CancellationToken token)
    {
        await _available.WaitAsync(token).ConfigureAwait(false);
        lock (_lock)
        {
            var key = _ready.Dequeue();
            _dirty.Remove(key);
            _processing.Add(key);
            return key;
        }
    }

    public void Done(ObjectKey key)
    {
        lock (_lock)
        {
            _processing.Remove(key);
            if (!_disposed && _dirty.Contains(key))
            {
                _ready.Enqueue(key);
                _available.Release();
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            foreach (var (_, timer) in _delayed.Values)
            {
                timer.Dispose();
            }

            _delayed.Clear();
        }

        _available.Dispose();
    }

    private void Elapsed(ObjectKey key, DateTimeOffset due)
    {
        lock (_lock)
        {
            // A timer that fired while an earlier delay replaced it has nothing to say.
            if (!_delayed.TryGetValue(key, out var waiting) || waiting.Due != due)
            {
                return;
            }

            waiting.Timer.Dispose();
            _delayed.Remove(key);
        }

        Add(key);
    }
}
