using System.Text.Json;
using System.Text.Json.Nodes;

namespace Trunkline.ApiServer.Http;

/// <summary>JSON as Go's encoder writes it.</summary>
public static class GoJson
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = GoEncoder.Instance, SkipValidation = true };
    private static readonly JsonWriterOptions Pretty = new() { Encoder = GoEncoder.Instance, Indented = true, SkipValidation = true, NewLine = "\n" };

    public static byte[] ToBytes(JsonNode node, bool pretty = false)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, pretty ? Pretty : Compact))
        {
            node.WriteTo(writer);
        }

        return buffer.ToArray();
    }
}
