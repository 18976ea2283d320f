namespace Trunkline.ApiServer.Storage;

/// <summary>What a watcher reads at once.</summary>
/// <param name="Changes">The changes, oldest first.</param>
/// <param name="Upto">The revision that the watcher has then reached.</param>
/// <param name="More">Ends when there are more changes.</param>
public sealed record ChangeBatch(IReadOnlyList<Change> Changes, long Upto, Task More);
