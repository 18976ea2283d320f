using System.Globalization;
using System.Text.Json.Nodes;

namespace Trunkline.Controllers.Tests.Support;

/// <summary>Objects as documents, one revision counter, a log that watches read from.</summary>
internal sealed class FakeStore
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, JsonObject> _objects = new(StringComparer.Ordinal);
    private readonly List<(long Revision, string Collection, string Type, JsonObject Object)> _log = [];
    private TaskCompletionSource _grown = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _revision = 1;

    /// <summary>Watches from before this are answered with 410 Gone.</summary>
    public long Compacted { get; private set; }

    public long Revision => Interlocked.Read(ref _revision);

    public static string Path(string collection, string? ns, string name) => $"{collection}\n{ns}\n{name}";

    public JsonObject? Get(string collection, string? ns, string name)
    {
        lock (_lock)
        {
            return _objects.TryGetValue(Path(collection, ns ?? "", name), out var found) ? (JsonObject)found.DeepClone() : null;
        }
    }

    public (List<JsonObject> Items, long Revision) List(string collection, string? ns)
    {
        lock (_lock)
        {
            return ([.. _objects.Where(o => o.Key.StartsWith(ns is null ? $"{collection}\n" : $"{collection}\n{ns}\n", StringComparison.Ordinal))
                .Select(o => (JsonObject)o.Value.DeepClone())], _revision);
        }
    }

    /// <summary>Changes one object under the lock: the function gets what is there (or null) and returns what shall be (or null: deleted).</summary>
    public JsonObject? Change(string collection, string? ns, string name, Func<JsonObject?, JsonObject?> change)
    {
        lock (_lock)
        {
            var path = Path(collection, ns ?? "", name);
            _objects.TryGetValue(path, out var before);
            var after = change(before is null ? null : (JsonObject)before.DeepClone());
            if (after is null)
            {
                if (before is not null)
                {
                    _objects.Remove(path);
                    Append(collection, "DELETED", (JsonObject)before.DeepClone());
                }

                return null;
            }

            if (before is not null && JsonNode.DeepEquals(before, after))
            {
                return after;
            }

            _objects[path] = after;
            Append(collection, before is null ? "ADDED" : "MODIFIED", after);
            return (JsonObject)after.DeepClone();
        }
    }

    public void Compact()
    {
        lock (_lock)
        {
            Compacted = _revision;
            _log.Clear();
        }
    }

    public (List<(long Revision, string Type, JsonObject Object)> Events, long Seen, Task Grown) Since(string collection, long revision)
    {
        lock (_lock)
        {
            return ([.. _log.Where(e => e.Revision > revision && e.Collection == collection).Select(e => (e.Revision, e.Type, e.Object))], _revision, _grown.Task);
        }
    }

    private void Append(string collection, string type, JsonObject item)
    {
        _revision++;
        item["metadata"]!["resourceVersion"] = _revision.ToString(CultureInfo.InvariantCulture);
        _log.Add((_revision, collection, type, (JsonObject)item.DeepClone()));
        var grown = _grown;
        _grown = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        grown.SetResult();
    }
}
