using System.Collections.Concurrent;
using Trunkline.Operations.Cluster;

namespace Trunkline.Operations.Guide;

/// <summary>Keeps what several watches say.</summary>
internal sealed class WatchLog : IAsyncDisposable
{
    private readonly ConcurrentQueue<WatchEvent> _events = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _watches = [];

    public IReadOnlyList<WatchEvent> Events => [.. _events];

    /// <summary>Watches a collection from a revision on.</summary>
    public void Add(ClusterApi api, string collection, string resourceVersion) => _watches.Add(FollowAsync(api, collection, resourceVersion));

    /// <summary>Ends the watches; an error of one of them is thrown here, since a log with a gap proves nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await Task.WhenAll(_watches);
        }
        finally
        {
            _stop.Dispose();
        }
    }

    private async Task FollowAsync(ClusterApi api, string collection, string resourceVersion)
    {
        try
        {
            while (true)
            {
                await foreach (var e in api.WatchAsync(collection, resourceVersion, _stop.Token))
                {
                    if (e.Type == "ERROR")
                    {
                        throw new ClusterException($"the watch of {collection} was refused: {e.Item["message"]}");
                    }

                    resourceVersion = e.Item["metadata"]?["resourceVersion"]?.GetValue<string>() ?? resourceVersion;
                    _events.Enqueue(e);
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The log was closed.
        }
    }
}
