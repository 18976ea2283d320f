using System.Text.Json;
using System.Text.Json.Nodes;

namespace Trunkline.Controllers.MachineConfigs.Rendering;

/// <summary>Typed looks into JSON that somebody else wrote.</summary>
internal static class IgnitionJson
{
    public static string? Text(JsonNode? node, string path) => node switch
    {
        null => null,
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        _ => throw Wrong(node, path, "string"),
    };

    public static bool? Flag(JsonNode? node, string path) => node switch
    {
        null => null,
        JsonValue value when value.GetValueKind() is JsonValueKind.True or JsonValueKind.False => value.GetValue<bool>(),
        _ => throw Wrong(node, path, "bool"),
    };

    public static int? Number(JsonNode? node, string path)
    {
        if (node is null)
        {
            return null;
        }

        return node is JsonValue value && value.GetValueKind() == JsonValueKind.Number && int.TryParse(value.ToJsonString(), out var number)
            ? number
            : throw Wrong(node, path, "int");
    }

    public static JsonObject? Object(JsonNode? node, string path) => node switch
    {
        null => null,
        JsonObject found => found,
        _ => throw Wrong(node, path, "object"),
    };

    public static IReadOnlyList<JsonObject> Objects(JsonNode? node, string path) => node switch
    {
        null => [],
        JsonArray array => [.. array.Select((n, i) => Object(n, $"{path}.{i}") ?? throw Wrong(n, $"{path}.{i}", "object"))],
        _ => throw Wrong(node, path, "array"),
    };

    // encoding/json's words, which Ignition's parser passes on.
    private static IgnitionException Wrong(JsonNode? node, string path, string type) =>
        IgnitionConfig.Bad($"json: cannot unmarshal {Kind(node)} into Go struct field {path} of type {type}");

    private static string Kind(JsonNode? node) => node switch
    {
        JsonObject => "object",
        JsonArray => "array",
        JsonValue value => value.GetValueKind() switch
        {
            JsonValueKind.String => "string",
            JsonValueKind.Number => $"number {value.ToJsonString()}",
            _ => "bool",
        },
        _ => "null",
    };
}
