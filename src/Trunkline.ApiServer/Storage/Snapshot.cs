using System.Collections.Immutable;

namespace Trunkline.ApiServer.Storage;

/// <summary>Everything stored at one revision. Immutable: a list is consistent without a lock.</summary>
public sealed class Snapshot
{
    internal Snapshot(
        long revision,
        ImmutableDictionary<string, ImmutableSortedDictionary<string, StoredObject>> resources,
        ImmutableDictionary<string, ObjectKey> holders) => (Revision, Resources, Holders) = (revision, resources, holders);

    public static readonly ImmutableSortedDictionary<string, StoredObject> None = ImmutableSortedDictionary.Create<string, StoredObject>(StringComparer.Ordinal);

    public long Revision { get; }

    internal ImmutableDictionary<string, ImmutableSortedDictionary<string, StoredObject>> Resources { get; }

    // Who has which exclusive value.
    internal ImmutableDictionary<string, ObjectKey> Holders { get; }

    /// <summary>Whether somebody has one of the <see cref="ExclusiveValues"/>.</summary>
    public bool IsHeld(string value) => Holders.ContainsKey(value);

    public StoredObject? Get(ObjectKey key) => Of(key.Resource).GetValueOrDefault(key.Path);

    /// <summary>Objects of a resource, in order; of one namespace if given.</summary>
    public IEnumerable<StoredObject> List(string resource, string? inNamespace) => inNamespace is null
        ? Of(resource).Values
        : Of(resource).Values.Where(o => o.Key.Namespace == inNamespace);

    public IEnumerable<StoredObject> Everything() => Resources.Values.SelectMany(r => r.Values);

    private ImmutableSortedDictionary<string, StoredObject> Of(string resource) => Resources.GetValueOrDefault(resource, None);
}
