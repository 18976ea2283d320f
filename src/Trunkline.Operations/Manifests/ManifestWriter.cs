using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Trunkline.Operations.Manifests;

/// <summary>Writes objects as YAML that every reader understands the same way: block style, and quotes around each text that could be read as something else.</summary>
public static class ManifestWriter
{
    // A text that begins with a letter or '/' and has only these is no number, date, flow or comment; what YAML 1.1 has for true, false and null is told apart below.
    private const string Plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./";

    private static readonly JsonSerializerOptions s_quoted = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly HashSet<string> s_words = new(StringComparer.OrdinalIgnoreCase) { "y", "n", "yes", "no", "on", "off", "true", "false", "null", "inf", "nan" };

    /// <summary>Writes objects, one document each.</summary>
    public static string Write(IEnumerable<JsonObject> objects) => string.Join("---\n", objects.Select(Write));

    /// <summary>Writes one object.</summary>
    public static string Write(JsonObject item)
    {
        var text = new StringBuilder();
        Fields(text, item, 0);
        return text.ToString();
    }

    private static void Fields(StringBuilder text, JsonObject item, int indent)
    {
        foreach (var (key, value) in item)
        {
            text.Append(' ', indent).Append(Scalar(key)).Append(':');
            Value(text, value, indent);
        }
    }

    private static void Value(StringBuilder text, JsonNode? value, int indent)
    {
        switch (value)
        {
            case JsonObject { Count: > 0 } fields:
                text.Append('\n');
                Fields(text, fields, indent + 2);
                break;
            case JsonArray { Count: > 0 } items:
                text.Append('\n');
                Items(text, items, indent);
                break;
            case JsonValue single when single.TryGetValue<string>(out var words) && IsBlock(words):
                text.Append(" |").Append(words.EndsWith('\n') ? "" : "-").Append('\n');
                foreach (var line in words.TrimEnd('\n').Split('\n'))
                {
                    text.Append(' ', line.Length == 0 ? 0 : indent + 2).Append(line).Append('\n');
                }

                break;
            default:
                text.Append(' ').Append(Inline(value)).Append('\n');
                break;
        }
    }

    private static void Items(StringBuilder text, JsonArray items, int indent)
    {
        foreach (var item in items)
        {
            text.Append(' ', indent).Append('-');
            if (item is JsonObject { Count: > 0 } fields)
            {
                // The first field stands on the dash's line.
                var block = new StringBuilder();
                Fields(block, fields, indent + 2);
                text.Append(' ').Append(block.ToString().AsSpan(indent + 2));
            }
            else if (item is JsonArray { Count: > 0 } inner)
            {
                text.Append('\n');
                Items(text, inner, indent + 2);
            }
            else
            {
                Value(text, item, indent);
            }
        }
    }

    // A literal block keeps its text only if no line begins with a space before the others, none ends in what is trimmed, and there is no more than one newline at the end.
    private static bool IsBlock(string words) =>
        words.Contains('\n', StringComparison.Ordinal) && !words.EndsWith("\n\n", StringComparison.Ordinal) && words[0] is not (' ' or '\n')
        && words.All(c => c is '\n' or (>= ' ' and <= '~'));

    private static string Inline(JsonNode? value) => value switch
    {
        null => "null",
        JsonObject => "{}",
        JsonArray => "[]",
        JsonValue single when single.TryGetValue<string>(out var words) => Scalar(words),
        _ => value.ToJsonString(),
    };

    private static string Scalar(string words) =>
        words.Length > 0 && (char.IsAsciiLetter(words[0]) || words[0] == '/') && words.All(c => Plain.Contains(c, StringComparison.Ordinal)) && !s_words.Contains(words)
        && !double.TryParse(words, NumberStyles.Any, CultureInfo.InvariantCulture, out _)
            ? words
            : JsonSerializer.Serialize(words, s_quoted);
}
