using System.Text.Json.Nodes;
using Trunkline.ApiServer.Patching;
using Trunkline.ApiServer.Validation.Decoding;

namespace Trunkline.ApiServer.Apply;

/// <summary>Which paths differ between two versions of a document.</summary>
public sealed class FieldComparison
{
    private FieldComparison()
    {
    }

    /// <summary>Paths that are new or have another value.</summary>
    public FieldSet Changed { get; } = new();

    /// <summary>A list holds two items of one key: paths cannot tell them apart.</summary>
    public bool HasDuplicates { get; private set; }

    /// <summary>Paths that are gone.</summary>
    public FieldSet Removed { get; } = new();

    public static FieldComparison Between(JsonObject before, JsonObject after, TypeSchema? schema)
    {
        var comparison = new FieldComparison();
        comparison.Maps(before, after, SchemaPlace.Root(schema), comparison.Changed, comparison.Removed);
        return comparison;
    }

    /// <summary>Every path of a document that an applier names.</summary>
    public static FieldSet PathsOf(JsonObject document, TypeSchema? schema)
    {
        var set = new FieldSet();
        Collect(document, SchemaPlace.Root(schema), set);
        return set;
    }

    private static void Collect(JsonNode? node, SchemaPlace place, FieldSet set)
    {
        switch (node)
        {
            case JsonObject map when !place.IsAtomic:
                foreach (var (name, value) in map)
                {
                    var child = set.Child(PathElement.Field(name));
                    Collect(value, place.Child(name), child);
                    child.Here |= value is null or JsonObject { Count: 0 } || !place.IsStruct && place.Value is not null;
                }

                break;
            case JsonArray list when Keyed(place):
                foreach (var item in list)
                {
                    if (PathElement.Item(item, place.Fact) is { } element)
                    {
                        var child = set.Child(element);
                        Collect(item, place.Item(), child);
                        child.Here = true;
                    }
                }

                break;
            default:
                set.Here = true;
                break;
        }
    }

    private void Maps(JsonObject before, JsonObject after, SchemaPlace place, FieldSet changed, FieldSet removed)
    {
        foreach (var (name, value) in after)
        {
            var element = PathElement.Field(name);
            Values(before.ContainsKey(name), before[name], value, place.Child(name), changed.Child(element), removed.Child(element));
        }

        foreach (var (name, value) in before.Where(p => !after.ContainsKey(p.Key)))
        {
            Everything(value, place.Child(name), removed.Child(PathElement.Field(name)));
        }
    }

    private void Values(bool had, JsonNode? before, JsonNode? after, SchemaPlace place, FieldSet changed, FieldSet removed)
    {
        if (had && before is null)
        {
            // A list or map by value that was not given: it was there, and empty.
            before = after switch { JsonArray => new JsonArray(), JsonObject => new JsonObject(), _ => null };
        }

        if (!had)
        {
            Everything(after, place, changed);
        }
        else if (before is JsonObject was && after is JsonObject now && !place.IsAtomic)
        {
            Maps(was, now, place, changed, removed);
        }
        else if (before is JsonArray were && after is JsonArray are && Keyed(place))
        {
            Lists(were, are, place, changed, removed);
        }
        else if (!JsonNode.DeepEquals(before, after))
        {
            changed.Here = true;
        }
    }

    private void Lists(JsonArray before, JsonArray after, SchemaPlace place, FieldSet changed, FieldSet removed)
    {
        var old = ByElement(before, place);
        var now = ByElement(after, place);
        foreach (var (element, item) in now)
        {
            Values(old.ContainsKey(element), old.GetValueOrDefault(element), item, place.Item(), changed.Child(element), removed.Child(element));
        }

        foreach (var (element, item) in old.Where(p => !now.ContainsKey(p.Key)))
        {
            Everything(item, place.Item(), removed.Child(element));
        }
    }

    // A whole subtree: every place in it, inner ones included.
    private void Everything(JsonNode? node, SchemaPlace place, FieldSet set)
    {
        set.Here = true;
        switch (node)
        {
            case JsonObject map when !place.IsAtomic:
                foreach (var (name, value) in map)
                {
                    Everything(value, place.Child(name), set.Child(PathElement.Field(name)));
                }

                break;
            case JsonArray list when Keyed(place):
                foreach (var (element, item) in ByElement(list, place))
                {
                    Everything(item, place.Item(), set.Child(element));
                }

                break;
        }
    }

    private static bool Keyed(SchemaPlace place) => place.Fact.Set || place.Fact.MapKeys.Count > 0;

    private Dictionary<string, JsonNode?> ByElement(JsonArray list, SchemaPlace place)
    {
        var result = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
        foreach (var item in list)
        {
            if (PathElement.Item(item, place.Fact) is { } element)
            {
                HasDuplicates |= !result.TryAdd(element, item);
            }
        }

        return result;
    }
}
