namespace Trunkline.ApiServer.Storage;

/// <summary>The newest changes in memory, from which watches read. Bounded: a watcher that falls behind is told that its revision is too old.</summary>
public sealed class ChangeLog(int capacity)
{
    private readonly Lock _lock = new();
    private readonly List<Change> _changes = [];
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _oldest;
    private long _newest;

    public void Start(long oldest, IEnumerable<Change> changes, long newest)
    {
        lock (_lock)
        {
            _oldest = oldest;
            _newest = newest;
            _changes.AddRange(changes);
        }
    }

    public void Append(IReadOnlyList<Change> changes, long newest)
    {
        TaskCompletionSource more;
        lock (_lock)
        {
            _changes.AddRange(changes);
            if (_changes.Count > 2 * capacity)
            {
                var surplus = _changes.Count - capacity;
                _oldest = _changes[surplus - 1].Revision;
                _changes.RemoveRange(0, surplus);
            }

            _newest = newest;
            more = _more;
            _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        more.SetResult();
    }

    /// <summary>Changes after a revision, the revision up to which they reach, and a task that ends when there are more. Null when the log no longer reaches back so far.</summary>
    public ChangeBatch? After(long revision)
    {
        lock (_lock)
        {
            if (revision < _oldest)
            {
                return null;
            }

            var first = FirstAfter(revision);
            return new ChangeBatch(first == _changes.Count ? [] : _changes.GetRange(first, _changes.Count - first), Math.Max(_newest, revision), _more.Task);
        }
    }

    /// <summary>Revisions at and before this one are no longer in the log.</summary>
    public long Oldest
    {
        get
        {
            lock (_lock)
            {
                return _oldest;
            }
        }
    }

    private int FirstAfter(long revision)
    {
        var (low, high) = (0, _changes.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _changes[middle].Revision > revision ? (low, middle) : (middle + 1, high);
        }

        return low;
    }
}
