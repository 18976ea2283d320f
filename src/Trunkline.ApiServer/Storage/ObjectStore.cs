using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Trunkline.ApiServer.Storage;

/// <summary>
/// All objects: on disk in SQLite, in memory as a snapshot. One thread writes: it takes every waiting operation, runs them one after the other, commits
/// them together (one fsync for a burst), and only then shows the new state and answers, so that nothing was ever seen that a crash could undo.
/// </summary>
public sealed class ObjectStore : IAsyncDisposable
{
    private const int LogCapacity = 8192;
    private const int BatchLimit = 64;

    private readonly BlockingCollection<IPendingWrite> _queue = new(1024);
    private readonly SqliteLog _disk;
    private readonly Thread _writer;
    private readonly ConcurrentDictionary<long, Snapshot> _kept = new();
    private readonly ConcurrentQueue<long> _keptOrder = new();
    private volatile Snapshot _state;

    private ObjectStore(SqliteLog disk)
    {
        _disk = disk;
        _state = disk.Load(Log, LogCapacity);
        _writer = new Thread(WriteLoop) { IsBackground = true, Name = "apiserver-store" };
        _writer.Start();
    }

    /// <summary>The newest state that is safely on disk.</summary>
    public Snapshot State => _state;

    public ChangeLog Log { get; } = new(LogCapacity);

    public static ObjectStore Open(string path) => new(SqliteLog.Open(path));

    /// <summary>Runs an operation alone; it sees its own writes, and all of them are kept or none.</summary>
    public Task<T> WriteAsync<T>(Func<WriteSession, T> operation)
    {
        var pending = new PendingWrite<T>(operation);
        try
        {
            _queue.Add(pending);
        }
        catch (InvalidOperationException)
        {
            throw new ObjectDisposedException(nameof(ObjectStore));
        }

        return pending.Result;
    }

    /// <summary>Keeps a state so that a paged list can be continued.</summary>
    public void Keep(Snapshot state)
    {
        if (_kept.TryAdd(state.Revision, state))
        {
            _keptOrder.Enqueue(state.Revision);
        }

        while (_kept.Count > 32 && _keptOrder.TryDequeue(out var old))
        {
            _kept.TryRemove(old, out _);
        }
    }

    /// <summary>A kept state, or null when it is no longer there.</summary>
    public Snapshot? Kept(long revision) => _state.Revision == revision ? _state : _kept.GetValueOrDefault(revision);

    /// <summary>A secret of this server that outlives it, made on first use.</summary>
    public byte[] Secret(string name, Func<byte[]> make) => _disk.Secret(name, make);

    public async ValueTask DisposeAsync()
    {
        if (!_queue.IsAddingCompleted)
        {
            _queue.CompleteAdding();
            await Task.Run(_writer.Join);
            _queue.Dispose();
            _disk.Dispose();
        }
    }

    private void WriteLoop()
    {
        var batch = new List<IPendingWrite>();
        foreach (var first in _queue.GetConsumingEnumerable())
        {
            batch.Clear();
            batch.Add(first);
            while (batch.Count < BatchLimit && _queue.TryTake(out var next))
            {
                batch.Add(next);
            }

            Commit(batch);
        }
    }

    private void Commit(List<IPendingWrite> batch)
    {
        var state = _state;
        var changes = new List<Change>();
        foreach (var write in batch)
        {
            var session = new WriteSession(state);
            if (write.Run(session))
            {
                changes.AddRange(session.Changes);
                state = session.State;
            }
        }

        try
        {
            if (changes.Count > 0)
            {
                _disk.Append(changes, state.Revision);
                _state = state;
                Log.Append(changes, state.Revision);
            }
        }
        catch (Microsoft.Data.Sqlite.SqliteException failure)
        {
            batch.ForEach(w => w.Fail(failure));
            return;
        }

        batch.ForEach(w => w.Complete());
    }

    private interface IPendingWrite
    {
        /// <summary>Runs the operation; false where it refused and nothing of it is to be kept.</summary>
        bool Run(WriteSession session);

        void Complete();

        void Fail(Exception failure);
    }

    private sealed class PendingWrite<T>(Func<WriteSession, T> operation) : IPendingWrite
    {
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T _result = default!;
        private Exception? _refusal;

        public Task<T> Result => _done.Task;

        public bool Run(WriteSession session)
        {
            try
            {
                _result = operation(session);
                return true;
            }
#pragma warning disable CA1031 // whatever an operation throws belongs to its caller, not to the writer
            catch (Exception refusal)
#pragma warning restore CA1031
            {
                _refusal = refusal;
                return false;
            }
        }

        public void Complete()
        {
            if (_refusal is null)
            {
                _done.SetResult(_result);
            }
            else
            {
                _done.SetException(_refusal);
            }
        }

        public void Fail(Exception failure) => _done.SetException(_refusal ?? failure);
    }
}
