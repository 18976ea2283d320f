using System.Diagnostics.CodeAnalysis;
using Trunkline.Operations.Cluster;

namespace Trunkline.Operations.Objects;

/// <summary>
/// The objects of a cluster as they stood when they were read, from its API or from an archive. All that diagnoses, lints and explains looks at this and at nothing else,
/// so that it says the same of a live cluster and of a must-gather of it.
/// </summary>
public sealed class ClusterObjects
{
    private readonly Dictionary<ResourceKind, List<ClusterObject>> _byKind = [];
    private readonly Dictionary<(ResourceKind, string?, string), ClusterObject> _byName = [];

    /// <summary>Gathers objects. Of two with one kind, namespace and name the first stays: archives hold some objects twice.</summary>
    /// <param name="objects">The objects.</param>
    /// <param name="unread">What could not be read.</param>
    /// <param name="source">Where they were read: the API server's address, or the archive's path.</param>
    public ClusterObjects(IEnumerable<ClusterObject> objects, IReadOnlyList<UnreadKind> unread, string source)
    {
        foreach (var item in objects)
        {
            if (_byName.TryAdd((item.Kind, item.Namespace, item.Name), item))
            {
                if (!_byKind.TryGetValue(item.Kind, out var list))
                {
                    _byKind[item.Kind] = list = [];
                }

                list.Add(item);
            }
        }

        Unread = unread;
        Source = source;
    }

    /// <summary>The kinds that could not be read; those that the cluster does not serve are not among them, it has none.</summary>
    public IReadOnlyList<UnreadKind> Unread { get; }

    /// <summary>The files of an archive that could not be read.</summary>
    public IReadOnlyList<UnreadFile> UnreadFiles { get; init; } = [];

    /// <summary>Where the objects were read.</summary>
    public string Source { get; }

    /// <summary>How many objects there are.</summary>
    public int Count => _byName.Count;

    /// <summary>All objects of a kind, in the order in which they were read.</summary>
    public IReadOnlyList<ClusterObject> Of(ResourceKind kind) => _byKind.TryGetValue(kind, out var list) ? list : [];

    /// <summary>All objects of a kind in one namespace.</summary>
    public IEnumerable<ClusterObject> Of(ResourceKind kind, string ns) => Of(kind).Where(item => item.Namespace == ns);

    /// <summary>Finds one object; <paramref name="ns"/> is null for kinds without namespaces.</summary>
    public bool TryFind(ResourceKind kind, string? ns, string name, [NotNullWhen(true)] out ClusterObject? found) => _byName.TryGetValue((kind, ns, name), out found);

    /// <summary>Whether objects of this kind were read (there may still be none).</summary>
    public bool WasRead(ResourceKind kind) => Unread.All(unread => unread.Kind != kind);
}
