using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Trunkline.ApiServer.Protobuf;

/// <summary>The API's own notations: messages on the wire that are plain values in JSON.</summary>
internal static class ProtobufNotation
{
    /// <summary>Gives the JSON of such a message. False when the bytes are malformed; a null value means that the field is left out.</summary>
    public static bool TryRead(string type, ReadOnlySpan<byte> content, out JsonNode? value)
    {
        value = null;
        if (!TryReadParts(content, out var text, out var first, out var second))
        {
            return false;
        }

        switch (type)
        {
            case "time" or "microtime":
                return TryTime(type, (long)first, (int)second, out value);
            case "quantity":
                value = text is null ? null : Encoding.UTF8.GetString(text);
                return true;
            case "intorstring":
                // Field 1 is the kind (0 a number), 2 the number, 3 the string.
                value = first == 0 ? JsonValue.Create((int)second) : JsonValue.Create(Encoding.UTF8.GetString(text ?? []));
                return true;
            case "fields":
                return TryJson(text, out value);
            default:
                return false;
        }
    }

    private static bool TryReadParts(ReadOnlySpan<byte> content, out byte[]? text, out ulong first, out ulong second)
    {
        (text, first, second) = (null, 0, 0);
        var reader = new ProtobufReader(content);
        while (!reader.AtEnd)
        {
            if (!reader.TryReadField(out var number, out var wireType, out var value, out var bytes))
            {
                return false;
            }

            if (wireType == 2)
            {
                text = bytes.ToArray();
            }
            else if (number == 1)
            {
                first = value;
            }
            else if (number == 2)
            {
                second = value;
            }
        }

        return true;
    }

    private static bool TryTime(string type, long seconds, int nanoseconds, out JsonNode? value)
    {
        value = null;
        if (seconds == 0 && nanoseconds == 0)
        {
            return true;
        }

        if (seconds is < -62_135_596_800 or > 253_402_300_799 || nanoseconds is < 0 or > 999_999_999)
        {
            return false;
        }

        var time = DateTimeOffset.FromUnixTimeSeconds(seconds).AddTicks(nanoseconds / 100);
        var format = type == "time" ? "yyyy-MM-ddTHH:mm:ssZ" : "yyyy-MM-ddTHH:mm:ss.ffffffZ";
        value = time.ToString(format, CultureInfo.InvariantCulture);
        return true;
    }

    private static bool TryJson(byte[]? text, out JsonNode? value)
    {
        value = null;
        try
        {
            value = text is null ? null : JsonNode.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
