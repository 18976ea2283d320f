using System.Text.Json.Nodes;
using Trunkline.ApiServer.Patching;

namespace Trunkline.ApiServer.Apply;

/// <summary>Merging an applied document into a live one, and taking away what is no longer applied.</summary>
internal static class ApplyMerge
{
    public static void Merge(JsonObject live, JsonObject applied, SchemaPlace place)
    {
        foreach (var (name, value) in applied)
        {
            var child = place.Child(name);
            switch (value)
            {
                case JsonObject map when live[name] is JsonObject inner && !child.IsAtomic:
                    Merge(inner, map, child);
                    break;
                case JsonArray list when live[name] is JsonArray inner && IsKeyed(child):
                    MergeList(inner, list, child);
                    break;
                case null when child.Value is not null:
                    break;
                default:
                    live[name] = value?.DeepClone();
                    break;
            }
        }
    }

    /// <summary>Removes the places of a set, unless something is still applied below them.</summary>
    public static void Prune(JsonNode? node, FieldSet gone, FieldSet kept, SchemaPlace place)
    {
        foreach (var element in gone.Steps)
        {
            var child = gone.Child(element);
            var still = kept.Find(element);
            if (element.StartsWith("f:", StringComparison.Ordinal) && node is JsonObject map)
            {
                PruneField(map, element[2..], child, still, place);
            }
            else if (node is JsonArray list && ItemOf(list, element, place) is var at and >= 0)
            {
                if (child.Here && still is null)
                {
                    list.RemoveAt(at);
                }
                else
                {
                    Prune(list[at], child, still ?? new FieldSet(), place.Item());
                }
            }
        }
    }

    private static void PruneField(JsonObject map, string name, FieldSet gone, FieldSet? still, SchemaPlace place)
    {
        if (gone.Here && still is null)
        {
            map.Remove(name);
            return;
        }

        Prune(map[name], gone, still ?? new FieldSet(), place.Child(name));
        if (still is null && map[name] is JsonObject { Count: 0 } or JsonArray { Count: 0 })
        {
            map.Remove(name);
        }
    }

    private static void MergeList(JsonArray live, JsonArray applied, SchemaPlace place)
    {
        foreach (var item in applied)
        {
            var at = PathElement.Item(item, place.Fact) is { } element ? ItemOf(live, element, place) : -1;
            if (at < 0)
            {
                live.Add(item?.DeepClone());
            }
            else if (live[at] is JsonObject target && item is JsonObject source)
            {
                Merge(target, source, place.Item());
            }
        }
    }

    private static int ItemOf(JsonArray list, string element, SchemaPlace place)
    {
        for (var i = 0; i < list.Count; i++)
        {
            if (PathElement.Item(list[i], place.Fact) == element)
            {
                return i;
            }
        }

        return -1;
    }

    private static bool IsKeyed(SchemaPlace place) => place.Fact.Set || place.Fact.MapKeys.Count > 0;
}
