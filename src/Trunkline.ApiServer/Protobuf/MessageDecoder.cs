using System.Text;
using System.Text.Json.Nodes;

namespace Trunkline.ApiServer.Protobuf;

/// <summary>Decodes one message into the JSON that the same object has.</summary>
internal static class MessageDecoder
{
    // No API object nests deeper than some 20 messages; a body that does is not one.
    private const int DepthLimit = 64;

    public static bool TryDecode(string message, ReadOnlySpan<byte> bytes, JsonObject into, int depth = 0)
    {
        if (depth > DepthLimit)
        {
            return false;
        }

        var fields = ProtobufTable.Instance.Fields(message);
        var reader = new ProtobufReader(bytes);
        while (!reader.AtEnd)
        {
            if (!reader.TryReadField(out var number, out var wireType, out var value, out var content))
            {
                return false;
            }

            // Fields that the table does not know are skipped, as protobuf readers do.
            if (fields.TryGetValue(number, out var field) && !TryAdd(field, wireType, value, content, into, depth))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryAdd(ProtobufField field, int wireType, ulong value, ReadOnlySpan<byte> content, JsonObject into, int depth)
    {
        if (field.Name is null)
        {
            return wireType == 2 && TryDecode(field.Type, content, into, depth + 1);
        }

        if (field.Map)
        {
            return wireType == 2 && TryAddEntry(field, content, into, depth);
        }

        if (!TryValue(field, wireType, value, content, depth, out var node))
        {
            return false;
        }

        if (field.Repeated)
        {
            List(into, field.Name).Add(node);
        }
        else if (node is not null && (field.KeepZero || !IsZero(node)))
        {
            into[field.Name] = node;
        }

        return true;
    }

    private static bool TryAddEntry(ProtobufField field, ReadOnlySpan<byte> content, JsonObject into, int depth)
    {
        var key = "";
        JsonNode? node = null;
        var reader = new ProtobufReader(content);
        while (!reader.AtEnd)
        {
            if (!reader.TryReadField(out var number, out var wireType, out var value, out var bytes))
            {
                return false;
            }

            if (number == 1 && wireType == 2)
            {
                key = Encoding.UTF8.GetString(bytes);
            }
            else if (number == 2 && !TryValue(field, wireType, value, bytes, depth, out node))
            {
                return false;
            }
        }

        if (into[field.Name!] is not JsonObject map)
        {
            into[field.Name!] = map = [];
        }

        map[key] = node ?? "";
        return true;
    }

    private static bool TryValue(ProtobufField field, int wireType, ulong value, ReadOnlySpan<byte> content, int depth, out JsonNode? node)
    {
        node = null;
        switch (field.Type)
        {
            case "bool":
                node = value != 0;
                return wireType == 0;
            case "int32":
                node = (int)value;
                return wireType == 0;
            case "int64":
                node = (long)value;
                return wireType == 0;
            case "uint32" or "uint64":
                node = value;
                return wireType == 0;
            case "double":
                node = BitConverter.UInt64BitsToDouble(value);
                return wireType == 1 && double.IsFinite(BitConverter.UInt64BitsToDouble(value));
            case "string":
                node = Encoding.UTF8.GetString(content);
                return wireType == 2;
            case "bytes":
                node = Convert.ToBase64String(content);
                return wireType == 2;
        }

        if (wireType != 2)
        {
            return false;
        }

        return ProtobufTable.Instance.IsMessage(field.Type)
            ? TryMessage(field.Type, content, depth, out node)
            : ProtobufNotation.TryRead(field.Type, content, out node);
    }

    private static bool TryMessage(string type, ReadOnlySpan<byte> content, int depth, out JsonNode? node)
    {
        var inner = new JsonObject();
        var decoded = TryDecode(type, content, inner, depth + 1);

        // A list that protobuf can only carry inside a message (authentication's ExtraValue) is a plain list in JSON.
        node = type == "authentication/ExtraValue" ? inner["items"]?.DeepClone() ?? new JsonArray() : inner;
        return decoded;
    }

    private static JsonArray List(JsonObject into, string name)
    {
        if (into[name] is not JsonArray list)
        {
            into[name] = list = [];
        }

        return list;
    }

    private static bool IsZero(JsonNode node) => node is JsonValue value && value.ToJsonString() is "0" or "false" or "\"\"";
}
