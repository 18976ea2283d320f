using System.Text.Json.Nodes;

namespace Trunkline.Operations.Cluster;

/// <summary>Fields of objects that come from elsewhere: what is not of the expected kind is as if it were not there.</summary>
public static class JsonFields
{
    /// <summary>The text of a node; null when it is none.</summary>
    public static string? AsText(this JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>The whole number of a node; null when it is none.</summary>
    public static long? AsNumber(this JsonNode? node) => node is JsonValue value && value.TryGetValue<long>(out var number) ? number : null;

    /// <summary>Whether a node is <c>true</c>.</summary>
    public static bool IsTrue(this JsonNode? node) => node is JsonValue value && value.TryGetValue<bool>(out var truth) && truth;

    /// <summary>A field of a node; null when the node is no object or has no such field.</summary>
    public static JsonNode? Field(this JsonNode? node, string name) => node is JsonObject fields ? fields[name] : null;

    /// <summary>The objects of a list; none when the node is no list.</summary>
    public static IEnumerable<JsonObject> Objects(this JsonNode? node) => node is JsonArray list ? list.OfType<JsonObject>() : [];
}
