using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Trunkline.ApiServer.Storage;

/// <summary>One operation's view while it writes: what it reads includes what it wrote, and nobody else writes meanwhile.</summary>
public sealed class WriteSession
{
    private ImmutableDictionary<string, ImmutableSortedDictionary<string, StoredObject>> _resources;
    private readonly List<Change> _changes = [];
    private ImmutableDictionary<string, ObjectKey> _holders;

    internal WriteSession(Snapshot start)
    {
        _resources = start.Resources;
        _holders = start.Holders;
        Revision = start.Revision;
    }

    /// <summary>The revision reached so far.</summary>
    public long Revision { get; private set; }

    public Snapshot State => new(Revision, _resources, _holders);

    internal IReadOnlyList<Change> Changes => _changes;

    public StoredObject? Get(ObjectKey key) => _resources.GetValueOrDefault(key.Resource, Snapshot.None).GetValueOrDefault(key.Path);

    /// <summary>Creates or replaces an object; its resourceVersion is set in the document.</summary>
    public StoredObject Put(ObjectKey key, JsonObject document)
    {
        var previous = Get(key);
        var stored = StoredObject.Create(key, ++Revision, document);
        Set(key, stored);
        Hold(previous, stored);
        _changes.Add(new Change(Revision, previous is null ? ChangeType.Added : ChangeType.Modified, stored, previous));
        return stored;
    }

    /// <summary>Removes an object; the document is its last state, whose resourceVersion becomes that of the deletion.</summary>
    public StoredObject Remove(ObjectKey key, JsonObject last)
    {
        var previous = Get(key) ?? throw new InvalidOperationException($"{key.Resource} {key.Namespace}/{key.Name} is not stored");
        var gone = StoredObject.Create(key, ++Revision, last);
        _resources = _resources.SetItem(key.Resource, _resources[key.Resource].Remove(key.Path));
        Hold(previous, null);
        _changes.Add(new Change(Revision, ChangeType.Deleted, gone, previous));
        return gone;
    }

    private void Set(ObjectKey key, StoredObject stored) =>
        _resources = _resources.SetItem(key.Resource, _resources.GetValueOrDefault(key.Resource, Snapshot.None).SetItem(key.Path, stored));

    private void Hold(StoredObject? before, StoredObject? now)
    {
        foreach (var value in before?.Exclusive ?? [])
        {
            if (_holders.GetValueOrDefault(value) == before!.Key)
            {
                _holders = _holders.Remove(value);
            }
        }

        foreach (var value in now?.Exclusive ?? [])
        {
            _holders = _holders.SetItem(value, now!.Key);
        }
    }
}
