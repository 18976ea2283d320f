using System.Text.Json.Nodes;
using Trunkline.ApiServer.Errors;
using Trunkline.ApiServer.Validation.Decoding;

namespace Trunkline.ApiServer.Patching;

/// <summary>
/// Strategic merge patch: a merge patch that knows which lists are merged by key, with the directives <c>$patch</c>, <c>$retainKeys</c>,
/// <c>$deleteFromPrimitiveList</c> and <c>$setElementOrder</c> (design proposal "strategic-merge-patch").
/// </summary>
internal static class StrategicMerge
{
    private const string Delete = "$deleteFromPrimitiveList/";
    private const string Order = "$setElementOrder/";

    public static JsonObject Apply(JsonObject original, JsonObject patch, TypeSchema schema)
    {
        var result = (JsonObject)original.DeepClone();
        return Map(result, patch, SchemaPlace.Root(schema)) ?? [];
    }

    // Null where the patch deletes the map.
    private static JsonObject? Map(JsonObject target, JsonObject patch, SchemaPlace place)
    {
        switch (patch["$patch"]?.ToString())
        {
            case "replace":
                return WithoutDirectives(patch);
            case "delete":
                return null;
            case null or "merge":
                break;
            case var other:
                throw Broken($"unknown patch type: {other} in map: {ParsedPatch.Print(patch)}");
        }

        Retain(target, patch);
        foreach (var (name, value) in patch)
        {
            if (name.StartsWith(Delete, StringComparison.Ordinal))
            {
                DeleteFrom(target, name[Delete.Length..], value);
            }
            else if (name.Length == 0 || name[0] != '$')
            {
                Field(target, name, value, place.Child(name));
            }
        }

        foreach (var (name, value) in patch.Where(p => p.Key.StartsWith(Order, StringComparison.Ordinal)))
        {
            var field = name[Order.Length..];
            var order = value as JsonArray ?? throw BadFormat("setElementOrder list");
            if (target[field] is JsonArray list)
            {
                target[field] = Sorted(list, order, place.Child(field).Fact.MergeKey);
            }
        }

        return target;
    }

    private static void Field(JsonObject target, string name, JsonNode? value, SchemaPlace place)
    {
        switch (value)
        {
            case null:
                target.Remove(name);
                break;
            case JsonObject patch when target[name] is JsonObject inner:
                if (Map(inner, patch, place) is { } merged)
                {
                    if (!ReferenceEquals(merged, inner))
                    {
                        target[name] = merged;
                    }
                }
                else
                {
                    target.Remove(name);
                }

                break;
            case JsonObject patch:
                if (Map([], patch, place) is { } fresh)
                {
                    target[name] = fresh;
                }

                break;
            case JsonArray patch when place.Fact.Merge:
                target[name] = List(target[name] as JsonArray ?? [], patch, place);
                break;
            case JsonArray patch:
                target[name] = patch.DeepClone();
                break;
            default:
                target[name] = value.DeepClone();
                break;
        }
    }

    private static JsonArray List(JsonArray target, JsonArray patch, SchemaPlace place)
    {
        var key = place.Fact.MergeKey;
        if (key.Length == 0)
        {
            return new JsonArray([.. target.Concat(patch).DistinctBy(n => n?.ToJsonString()).Select(n => n?.DeepClone())]);
        }

        if (patch.Any(p => (p as JsonObject)?["$patch"]?.ToString() == "replace"))
        {
            return new JsonArray([.. patch.OfType<JsonObject>().Where(p => !p.ContainsKey("$patch")).Select(p => (JsonNode?)p.DeepClone())]);
        }

        var items = target.Select(n => n?.DeepClone()).ToList();
        foreach (var given in patch)
        {
            var item = given as JsonObject ?? throw Broken($"expected a map[string]interface {{}}, but received a {ParsedPatch.GoType(given)}");
            if (item[key] is not { } id)
            {
                throw Broken($"map: {ParsedPatch.Print(item)} does not contain declared merge key: {key}");
            }

            MergeItem(items, item, items.FindIndex(n => JsonNode.DeepEquals((n as JsonObject)?[key], id)), place.Item());
        }

        return new JsonArray([.. items]);
    }

    private static void MergeItem(List<JsonNode?> items, JsonObject patch, int at, SchemaPlace place)
    {
        var merged = Map(at < 0 ? [] : (JsonObject)items[at]!, patch, place);
        if (at < 0 && merged is not null)
        {
            items.Add(merged);
        }
        else if (at >= 0 && merged is null)
        {
            items.RemoveAt(at);
        }
        else if (at >= 0)
        {
            items[at] = merged;
        }
    }

    private static void Retain(JsonObject target, JsonObject patch)
    {
        if (patch.TryGetPropertyValue("$retainKeys", out var listed))
        {
            var names = (listed as JsonArray ?? throw BadFormat("retainKeys")).Select(n => n?.ToString()).ToHashSet();
            if (patch.Any(p => !p.Key.StartsWith('$') && p.Value is not null && !names.Contains(p.Key)))
            {
                throw BadFormat("retainKeys");
            }

            foreach (var name in target.Select(p => p.Key).Where(n => !names.Contains(n)).ToList())
            {
                target.Remove(name);
            }
        }
    }

    private static void DeleteFrom(JsonObject target, string name, JsonNode? values)
    {
        var gone = values as JsonArray ?? throw BadFormat("primitive list");
        if (target[name] is JsonArray list)
        {
            target[name] = new JsonArray([.. list.Where(n => !gone.Any(g => JsonNode.DeepEquals(g, n))).Select(n => n?.DeepClone())]);
        }
    }

    // Items named by the order come in that order; others keep their place relative to their predecessor.
    private static JsonArray Sorted(JsonArray list, JsonArray order, string key)
    {
        var ranks = order.Select((n, i) => (Text: Id(n, key), i)).DistinctBy(p => p.Text).ToDictionary(p => p.Text, p => p.i, StringComparer.Ordinal);
        var last = -1;
        var ranked = list.Select((n, i) => (Node: n, Rank: ranks.TryGetValue(Id(n, key), out var r) ? last = r : last, i)).ToList();
        return new JsonArray([.. ranked.OrderBy(r => r.Rank).ThenBy(r => r.i).Select(r => r.Node?.DeepClone())]);
    }

    private static string Id(JsonNode? node, string key) => (key.Length > 0 && node is JsonObject map ? map[key] : node)?.ToJsonString() ?? "null";

    // Mistakes that the real server does not call the client's: 500 without a reason (interpretStrategicMergePatchError).
    private static ApiStatusException Broken(string why) => new(500, "", why);

    private static ApiStatusException BadFormat(string what) => StatusErrors.BadRequest("invalid patch format of " + what);

    private static JsonObject WithoutDirectives(JsonObject patch) =>
        new(patch.Where(p => !p.Key.StartsWith('$')).Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone())));
}
