namespace Trunkline.Node.Agent.Watching;

/// <summary>Where a watch tells what it sees. Called by one watch at a time; must not block.</summary>
internal interface IWatchSink<in T>
{
    /// <summary>All there is; what was known before and is not in it is gone.</summary>
    void Replace(IReadOnlyList<T> items);

    void Change(WatchChange change, T item);
}
