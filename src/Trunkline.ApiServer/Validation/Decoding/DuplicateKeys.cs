using System.Text.Json;

namespace Trunkline.ApiServer.Validation.Decoding;

/// <summary>Keys given twice in JSON that has no schema, with the words of sigs.k8s.io/json.</summary>
internal static class DuplicateKeys
{
    /// <summary>sigs.k8s.io/json stops noting after a hundred.</summary>
    private const int Most = 100;

    public static IReadOnlyList<string> In(ReadOnlySpan<byte> json)
    {
        var found = new List<string>();
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 256 });
        if (reader.Read())
        {
            Value(ref reader, "", found);
        }

        return found;
    }

    private static void Value(ref Utf8JsonReader reader, string path, List<string> found)
    {
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
            {
                var name = GoText.Read(ref reader);
                var inner = path.Length == 0 ? name : $"{path}.{name}";
                var complaint = $"duplicate field \"{inner}\"";
                if (!seen.Add(name) && found.Count < Most && !found.Contains(complaint))
                {
                    found.Add(complaint);
                }

                reader.Read();
                Value(ref reader, inner, found);
            }
        }
        else if (reader.TokenType == JsonTokenType.StartArray)
        {
            for (var i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++)
            {
                Value(ref reader, $"{path}[{i}]", found);
            }
        }
    }
}
