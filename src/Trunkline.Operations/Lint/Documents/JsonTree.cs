using System.Text.Json;
using System.Text.Json.Nodes;
using Trunkline.Operations.Manifests;
using YamlDotNet.Core;

namespace Trunkline.Operations.Lint.Documents;

/// <summary>An object that was read as JSON as the tree that rules look at; it has no places.</summary>
internal static class JsonTree
{
    private static readonly ManifestMark s_nowhere = new(1, 1, 0);

    public static ManifestNode Node(JsonNode? node) => node switch
    {
        JsonObject map => ManifestNode.Mapping([.. map.Select(field => new ManifestEntry(Text(field.Key, ScalarStyle.Plain), Node(field.Value)))], flow: true, s_nowhere, s_nowhere),
        JsonArray list => ManifestNode.Sequence([.. list.Select(Node)], flow: true, s_nowhere, s_nowhere),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => Text(value.GetValue<string>(), ScalarStyle.DoubleQuoted),
        JsonValue value => Text(value.ToJsonString(), ScalarStyle.Plain),
        _ => Text("null", ScalarStyle.Plain),
    };

    private static ManifestNode Text(string text, ScalarStyle style) => ManifestNode.Scalar(text, style, s_nowhere, s_nowhere);
}
