using System.Text.Json.Nodes;
using Trunkline.ApiServer.Errors;
using Trunkline.ApiServer.Kinds;
using Trunkline.ApiServer.Patching;
using Trunkline.ApiServer.Validation.Fields;

namespace Trunkline.ApiServer.Apply;

/// <summary>Keeps track of field owners on plain writes, and merges on server-side apply (KEP-555).</summary>
/// <param name="kind">The kind written.</param>
/// <param name="manager">Who writes.</param>
/// <param name="subresource">Empty, or <c>status</c>.</param>
/// <param name="time">Now, as RFC 3339.</param>
internal sealed class FieldManager(ResourceKind kind, string manager, string subresource, string time)
{
    /// <summary>A create or update: what changed is the writer's, what is gone is nobody's.</summary>
    public void Update(JsonObject before, JsonObject after)
    {
        var schema = PatchFacts.SchemaOf(kind);
        var comparison = FieldComparison.Between(before, after, schema);
        if (comparison.HasDuplicates)
        {
            // As apimachinery: what cannot be tracked is not tracked any more.
            ((JsonObject)after["metadata"]!).Remove("managedFields");
            return;
        }

        ManagedFields.Strip(comparison.Changed, subresource);
        ManagedFields.Strip(comparison.Removed, subresource);
        var managed = ManagedFields.Of(before);
        foreach (var other in managed.Entries)
        {
            other.Fields.ExceptWith(comparison.Removed, below: true);
            if (other.Manager != manager || other.Operation != "Update" || other.Subresource != subresource)
            {
                other.Fields.ExceptWith(comparison.Changed);
            }
        }

        var mine = managed.Find(manager, "Update", kind.ApiVersion, subresource);
        if (!comparison.Changed.IsEmpty)
        {
            var fields = mine?.Fields ?? new FieldSet();
            fields.UnionWith(comparison.Changed);
            managed.Put(new ManagerEntry(manager, "Update", kind.ApiVersion, time, subresource, fields));
        }

        managed.WriteTo(after);
    }

    /// <summary>Server-side apply: gives the merged document. Throws 409 where another owner holds a field that would change, unless forced.</summary>
    public JsonObject Apply(JsonObject live, JsonObject applied, bool force)
    {
        var schema = PatchFacts.SchemaOf(kind);
        var wanted = FieldComparison.PathsOf(applied, schema);
        ManagedFields.Strip(wanted, subresource);
        var merged = (JsonObject)live.DeepClone();
        ApplyMerge.Merge(merged, applied, SchemaPlace.Root(schema));

        var managed = ManagedFields.Of(live);
        var changes = FieldComparison.Between(live, merged, schema).Changed;
        Resolve(managed, changes, wanted, force);
        var mine = managed.Find(manager, "Apply", kind.ApiVersion, subresource);
        if (mine is not null)
        {
            Prune(merged, mine.Fields, wanted, managed, schema);
        }

        var same = mine is not null && mine.Fields.SameAs(wanted);
        managed.Put(new ManagerEntry(manager, "Apply", kind.ApiVersion, same ? mine!.Time : time, subresource, wanted));
        managed.WriteTo(merged);
        return merged;
    }

    private void Resolve(ManagedFields managed, FieldSet changes, FieldSet wanted, bool force)
    {
        var conflicts = new List<(string Manager, string Path, string Words)>();
        foreach (var other in managed.Entries.Where(e => e.Manager != manager || e.Operation != "Apply" || e.Subresource != subresource))
        {
            var words = $"conflict with \"{other.Manager}\"{(other.Subresource.Length > 0 ? $" with subresource \"{other.Subresource}\"" : "")} using {other.ApiVersion}";
            var paths = new List<string>();
            Overlap(other.Fields, changes, wanted, "", paths);
            conflicts.AddRange(paths.Select(p => (other.Manager, p, words)));
            if (force)
            {
                other.Fields.ExceptWith(changes);
            }
        }

        if (conflicts.Count > 0 && !force)
        {
            throw Conflict(conflicts);
        }
    }

    // Paths that the other owns, the applier names, and whose value changes.
    private static void Overlap(FieldSet owned, FieldSet changes, FieldSet wanted, string path, List<string> found)
    {
        if (owned.Here && changes.Here && wanted.Here)
        {
            found.Add(path);
        }

        foreach (var element in owned.Steps)
        {
            if (changes.Find(element) is { } change && wanted.Find(element) is { } want)
            {
                Overlap(owned.Child(element), change, want, path + PathElement.Describe(element), found);
            }
        }
    }

    private static ApiStatusException Conflict(List<(string Manager, string Path, string Words)> conflicts)
    {
        var causes = new JsonArray([.. conflicts.Select(c =>
            (JsonNode)new JsonObject { ["reason"] = "FieldManagerConflict", ["message"] = c.Words, ["field"] = c.Path })]);
        var listed = conflicts.Count == 1
            ? $"{conflicts[0].Words}: {conflicts[0].Path}"
            : string.Join("\n", conflicts.GroupBy(c => c.Words).Select(g => g.Key + ":\n- " + string.Join("\n- ", g.Select(c => c.Path))));
        var message = conflicts.Count == 1 ? "Apply failed with 1 conflict: " + listed : $"Apply failed with {conflicts.Count} conflicts: {listed}";
        return new ApiStatusException(409, "Conflict", message, new JsonObject { ["causes"] = causes });
    }

    // What the manager applied before, does not apply now, and nobody else owns, goes.
    private void Prune(JsonObject merged, FieldSet before, FieldSet now, ManagedFields managed, Validation.Decoding.TypeSchema? schema)
    {
        var gone = FieldSet.Parse(before.ToJson());
        gone.ExceptWith(now);
        foreach (var other in managed.Entries.Where(e => e.Manager != manager || e.Operation != "Apply"))
        {
            gone.ExceptWith(other.Fields);
        }

        ApplyMerge.Prune(merged, gone, now, SchemaPlace.Root(schema));
    }

    /// <summary>The refusal of a patch of apply without a manager.</summary>
    public static ApiStatusException ManagerRequired() => StatusErrors.Invalid(
        "meta.k8s.io", "PatchOptions", "", [new FieldError("FieldValueRequired", "Required value: is required for apply patch", "fieldManager")]);
}
