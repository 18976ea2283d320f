using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Trunkline.ApiServer.Validation.Decoding;

/// <summary>Strings, numbers, times and quantities as Go reads them from JSON.</summary>
internal static class GoScalars
{
    // Numbers are kept as JSON, so that a reader may take them as whichever width it likes: a JsonValue made of a long is no int.

    /// <summary>Reads one value; false where the JSON type does not fit. Throws <see cref="FormatException"/> with Go's words where the text does not.</summary>
    public static bool TryRead(ref Utf8JsonReader reader, GoKind kind, out JsonNode? node)
    {
        node = (kind, reader.TokenType) switch
        {
            (GoKind.Text, JsonTokenType.String) => GoText.Read(ref reader),
            (GoKind.Bool, JsonTokenType.True) => true,
            (GoKind.Bool, JsonTokenType.False) => false,
            (GoKind.Whole32, JsonTokenType.Number) when reader.TryGetInt32(out _) => JsonNode.Parse(ref reader),
            (GoKind.Whole64, JsonTokenType.Number) when reader.TryGetInt64(out _) => JsonNode.Parse(ref reader),
            (GoKind.Real, JsonTokenType.Number) => GoAny.Number(ref reader),
            (GoKind.IntOrString, JsonTokenType.Number) when reader.TryGetInt32(out _) => JsonNode.Parse(ref reader),
            (GoKind.IntOrString, JsonTokenType.String) => GoText.Read(ref reader),
            (GoKind.Quantity, JsonTokenType.String) => Quantity.Canonical(GoText.Read(ref reader)),
            (GoKind.Quantity, _) => Quantity.Canonical(Encoding.UTF8.GetString(reader.ValueSpan)),
            (GoKind.Bytes, JsonTokenType.String) => Bytes(GoText.Read(ref reader)),
            (GoKind.Time, JsonTokenType.String) => GoTime.Seconds(GoText.Read(ref reader)),
            (GoKind.MicroTime, JsonTokenType.String) => GoTime.Micros(GoText.Read(ref reader)),
            _ => null,
        };
        return node is not null;
    }

    /// <summary>What Go calls the value it could not read.</summary>
    public static string Describe(ref Utf8JsonReader reader, bool integer) => reader.TokenType switch
    {
        JsonTokenType.String => "string",
        JsonTokenType.True or JsonTokenType.False => "bool",
        JsonTokenType.StartArray => "array",
        JsonTokenType.StartObject => "object",
        JsonTokenType.Number when integer => "number " + Encoding.UTF8.GetString(reader.ValueSpan),
        _ => "number",
    };

    /// <summary>What apimachinery's converter from maps says of a value that does not fit (runtime/converter.go).</summary>
    public static string? Unconvertible(ref Utf8JsonReader reader, ValueSchema wanted)
    {
        var given = reader.TokenType switch
        {
            JsonTokenType.String => "string",
            JsonTokenType.True or JsonTokenType.False => "bool",
            JsonTokenType.StartArray => "slice",
            JsonTokenType.StartObject => "map",
            _ => reader.TryGetInt64(out _) ? "int64" : "float64",
        };
        return wanted.Kind switch
        {
            GoKind.Struct => $"cannot restore struct from: {given}",
            GoKind.List => $"cannot restore slice from {given}",
            GoKind.Map => $"cannot restore map from {given}",
            GoKind.Text when given is "int64" => $"cannot convert int64 to {wanted.GoType}",
            GoKind.Text => "unrecognized type: string",
            GoKind.Whole32 or GoKind.Whole64 when given is "float64" => $"cannot convert float64 to {wanted.GoType}",
            GoKind.Whole32 => "unrecognized type: int32",
            GoKind.Whole64 => "unrecognized type: int64",
            GoKind.Bool => "unrecognized type: bool",
            _ => null,
        };
    }

    /// <summary>The OpenAPI name of a kind.</summary>
    public static string SchemaType(GoKind kind) => kind switch
    {
        GoKind.Bool => "boolean",
        GoKind.Whole32 or GoKind.Whole64 => "integer",
        GoKind.Real => "number",
        GoKind.Struct or GoKind.Map => "object",
        GoKind.List => "array",
        _ => "string",
    };

    /// <summary>The OpenAPI name of what was sent.</summary>
    public static string SchemaType(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => "string",
        JsonTokenType.True or JsonTokenType.False => "boolean",
        JsonTokenType.StartArray => "array",
        JsonTokenType.StartObject => "object",
        _ => reader.TryGetInt64(out _) ? "integer" : "number",
    };

    private static string Bytes(string text)
    {
        // Go's decoder ignores line ends and nothing else (encoding/base64).
        var clean = text.Replace("\r", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal);
        if (Base64.IsValid(clean) && !clean.Any(char.IsWhiteSpace))
        {
            return clean;
        }

        var bad = text.Select((c, i) => (c, i)).Where(p => !(char.IsAsciiLetterOrDigit(p.c) || p.c is '+' or '/' or '=' or '\r' or '\n')).Select(p => p.i).ToList();
        var at = bad.Count > 0 ? bad[0] : clean.TrimEnd('=').Length / 4 * 4;
        throw new FormatException("illegal base64 data at input byte " + at.ToString(CultureInfo.InvariantCulture));
    }
}
