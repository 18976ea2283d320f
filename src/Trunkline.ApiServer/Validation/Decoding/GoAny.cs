using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Trunkline.ApiServer.Validation.Decoding;

/// <summary>Values without a schema. A key given twice keeps its last value, as in Go; JsonNode's own parser would throw much later, when it is read.</summary>
internal static class GoAny
{
    public static JsonNode? Read(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.StartObject => ReadObject(ref reader),
        JsonTokenType.StartArray => ReadArray(ref reader),
        JsonTokenType.String => GoText.Read(ref reader),
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        JsonTokenType.Number => Number(ref reader),
        _ => null,
    };

    public static JsonNode Number(ref Utf8JsonReader reader)
    {
        return reader.TryGetDouble(out var real) && double.IsFinite(real)
            ? JsonNode.Parse(ref reader)!
            : throw new DecodingException($"json: cannot unmarshal number {Encoding.UTF8.GetString(reader.ValueSpan)} into Go value of type float64");
    }

    private static JsonObject ReadObject(ref Utf8JsonReader reader)
    {
        var result = new JsonObject();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = GoText.Read(ref reader);
            reader.Read();
            result[name] = Read(ref reader);
        }

        return result;
    }

    private static JsonArray ReadArray(ref Utf8JsonReader reader)
    {
        var result = new JsonArray();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            result.Add(Read(ref reader));
        }

        return result;
    }
}
