using System.Text.Json.Nodes;

namespace Trunkline.ApiServer.Apply;

/// <summary>metadata.managedFields: who set which field, and how.</summary>
internal sealed class ManagedFields
{
    private static readonly string[] Unmanaged =
        ["name", "namespace", "creationTimestamp", "selfLink", "uid", "clusterName", "generation", "managedFields", "resourceVersion"];

    private readonly List<ManagerEntry> _entries = [];

    private ManagedFields()
    {
    }

    public IReadOnlyList<ManagerEntry> Entries => _entries;

    public static ManagedFields Of(JsonObject? document)
    {
        var managed = new ManagedFields();
        if (document?["metadata"]?["managedFields"] is JsonArray entries)
        {
            managed._entries.AddRange(entries.OfType<JsonObject>().Select(ManagerEntry.Parse));
        }

        return managed;
    }

    /// <summary>Takes out what nobody owns: identity, and the part of the object that this request may not write.</summary>
    public static void Strip(FieldSet set, string subresource)
    {
        set.Remove("f:apiVersion");
        set.Remove("f:kind");
        if (set.Find("f:metadata") is { } metadata)
        {
            metadata.Here = false;
            foreach (var name in Unmanaged)
            {
                metadata.Remove("f:" + name);
            }
        }

        foreach (var part in set.Steps.Where(k => subresource == "status" ? k is not ("f:status" or "f:metadata") : k == "f:status" && subresource.Length == 0))
        {
            set.Remove(part);
        }
    }

    public ManagerEntry? Find(string manager, string operation, string apiVersion, string subresource) =>
        _entries.Find(e => e.Manager == manager && e.Operation == operation && e.ApiVersion == apiVersion && e.Subresource == subresource);

    /// <summary>Gives an entry its fields; an entry without any goes.</summary>
    public void Put(ManagerEntry entry)
    {
        _entries.RemoveAll(e => e.Manager == entry.Manager && e.Operation == entry.Operation && e.ApiVersion == entry.ApiVersion && e.Subresource == entry.Subresource);
        if (!entry.Fields.IsEmpty)
        {
            _entries.Add(entry);
        }
    }

    public void WriteTo(JsonObject document)
    {
        var metadata = (JsonObject)document["metadata"]!;
        _entries.RemoveAll(e => e.Fields.IsEmpty);
        if (_entries.Count == 0)
        {
            metadata.Remove("managedFields");
            return;
        }

        // Appliers first, then by time, as apimachinery sorts them.
        metadata["managedFields"] = new JsonArray([.. _entries
            .OrderBy(e => e.Operation, StringComparer.Ordinal)
            .ThenBy(e => e.Time, StringComparer.Ordinal)
            .ThenBy(e => e.Manager, StringComparer.Ordinal)
            .Select(e => (JsonNode)e.ToJson())]);
    }
}
