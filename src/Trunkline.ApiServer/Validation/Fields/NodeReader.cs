using System.Text.Json;
using System.Text.Json.Nodes;

namespace Trunkline.ApiServer.Validation.Fields;

/// <summary>Reads decoded documents: what is absent or of another type reads as absent.</summary>
internal static class NodeReader
{
    public static JsonObject? Obj(this JsonNode? node, string name) => (node as JsonObject)?[name] as JsonObject;

    public static string? Str(this JsonNode? node, string name) => AsText((node as JsonObject)?[name]);

    /// <summary>The text, or "" where there is none: as Go reads a string by value.</summary>
    public static string Text(this JsonNode? node, string name) => node.Str(name) ?? "";

    public static long? Int(this JsonNode? node, string name) => AsInt((node as JsonObject)?[name]);

    public static bool? Flag(this JsonNode? node, string name) => (node as JsonObject)?[name] is JsonValue v && v.TryGetValue<bool>(out var flag) ? flag : null;

    public static bool IsTrue(this JsonNode? node, string name) => node.Flag(name) == true;

    public static bool Has(this JsonNode? node, string name) => (node as JsonObject)?[name] is not null;

    public static JsonArray List(this JsonNode? node, string name) => (node as JsonObject)?[name] as JsonArray ?? [];

    public static IEnumerable<JsonObject> Objects(this JsonNode? node, string name) => node.List(name).OfType<JsonObject>();

    public static IEnumerable<string> Texts(this JsonNode? node, string name) => node.List(name).Select(AsText).OfType<string>();

    /// <summary>A map of strings, keys in order so that messages do not vary.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Map(this JsonNode? node, string name) => node.Obj(name) is { } map
        ? map.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, AsText(p.Value) ?? ""))
        : [];

    public static string? AsText(JsonNode? node) => node is JsonValue v && v.TryGetValue<string>(out var text) ? text : null;

    public static long? AsInt(JsonNode? node) => node switch
    {
        JsonValue v when v.TryGetValue<long>(out var n) => n,
        JsonValue v when v.TryGetValue<int>(out var n) => n,
        JsonValue v when v.GetValueKind() == JsonValueKind.Number && v.TryGetValue<double>(out var d) && d == Math.Floor(d) && Math.Abs(d) < 1e15 => (long)d,
        _ => null,
    };

    /// <summary>The object's child, made where it is absent.</summary>
    public static JsonObject Child(this JsonObject node, string name)
    {
        if (node[name] is not JsonObject child)
        {
            node[name] = child = [];
        }

        return child;
    }

    public static void Default(this JsonObject node, string name, JsonNode? value)
    {
        if (node[name] is null)
        {
            node[name] = value;
        }
    }

    public static bool Same(JsonNode? a, JsonNode? b) => JsonNode.DeepEquals(a, b);
}
