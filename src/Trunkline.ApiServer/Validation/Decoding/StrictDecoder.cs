using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Trunkline.ApiServer.Validation.Decoding;

/// <summary>
/// Reads JSON as Go's decoder (sigs.k8s.io/json) reads it into an API type: unknown and duplicate fields are noted, a wrong type is an error with Go's
/// words, and what comes out is what Go's encoder would write again.
/// </summary>
public sealed class StrictDecoder
{
    /// <summary>Deeper documents are refused; Go's own limit is 10000, but nothing in the API is deeper than a few dozen.</summary>
    private const int MaxDepth = 256;

    /// <summary>sigs.k8s.io/json stops noting after a hundred.</summary>
    private const int MaxStrictErrors = 100;

    private readonly List<string> _strict = [];
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly List<TypeMismatch> _mismatches = [];
    private readonly List<string> _fieldStack = [];
    private readonly StringBuilder _path = new();
    private string? _owner;
    private string? _firstTypeError;
    private string? _unconvertible;
    private bool _custom;

    private StrictDecoder()
    {
    }

    /// <summary>Decodes a document; throws <see cref="DecodingException"/> for a wrong type and <see cref="JsonException"/> for bad JSON.</summary>
    public static DecodedDocument Decode(ReadOnlySpan<byte> json, TypeSchema schema)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        reader.Read();
        return new StrictDecoder().Run(ref reader, schema);
    }

    /// <summary>The document with zero values and unknown fields left out, as it would be stored.</summary>
    public static JsonObject Normalize(JsonObject document, TypeSchema schema) => Decode(JsonSerializer.SerializeToUtf8Bytes<JsonNode>(document), schema).Document;

    private DecodedDocument Run(ref Utf8JsonReader reader, TypeSchema schema)
    {
        var root = ValueSchema.StructOf("v1." + schema.Name, () => schema);
        _custom = schema.IsCustom;
        var node = Value(ref reader, root) as JsonObject;
        if (reader.Read())
        {
            throw new JsonException("trailing data");
        }

        return _firstTypeError is { } error ? throw new DecodingException(error) { Unconvertible = _unconvertible } : new DecodedDocument(node ?? Zero(schema), _strict, _mismatches);
    }

    private JsonNode? Value(ref Utf8JsonReader reader, ValueSchema schema)
    {
        if (reader.TokenType == JsonTokenType.Null && schema.Kind != GoKind.Any)
        {
            return null;
        }

        return schema.Kind switch
        {
            GoKind.Any => GoAny.Read(ref reader),
            GoKind.Struct when reader.TokenType == JsonTokenType.StartObject => Struct(ref reader, schema.Struct!),
            GoKind.Map when reader.TokenType == JsonTokenType.StartObject => Map(ref reader, schema.Element!),
            GoKind.List when reader.TokenType == JsonTokenType.StartArray => List(ref reader, schema.Element!),
            GoKind.Struct or GoKind.Map or GoKind.List => Mismatch(ref reader, schema),
            _ => Scalar(ref reader, schema),
        };
    }

    private JsonObject Struct(ref Utf8JsonReader reader, TypeSchema schema)
    {
        var given = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = GoText.Read(ref reader);
            reader.Read();
            var length = Push(name);
            if (!schema.ByName.TryGetValue(name, out var field))
            {
                Note("unknown field");
                reader.Skip();
            }
            else
            {
                if (!seen.Add(name))
                {
                    Note("duplicate field");
                }

                Field(ref reader, schema, field, given);
            }

            _path.Length = length;
        }

        return Assemble(schema, given);
    }

    private void Field(ref Utf8JsonReader reader, TypeSchema schema, FieldSchema field, Dictionary<string, JsonNode?> given)
    {
        var owner = _owner;
        _owner = schema.Name;
        _fieldStack.Add(field.Name);
        var wasCustom = _custom;
        _custom &= field.Name != "metadata";
        var value = Value(ref reader, field.Value);
        if (value is not null)
        {
            given[field.Name] = value;
        }

        _custom = wasCustom;
        _fieldStack.RemoveAt(_fieldStack.Count - 1);
        _owner = owner;
    }

    private JsonObject Map(ref Utf8JsonReader reader, ValueSchema element)
    {
        var given = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var key = GoText.Read(ref reader);
            reader.Read();
            var length = Push(key);
            if (given.ContainsKey(key))
            {
                Note("duplicate field");
            }

            given[key] = Value(ref reader, element) ?? ZeroOf(element);
            _path.Length = length;
        }

        // Go writes maps in the order of their keys.
        var names = new string[given.Count];
        given.Keys.CopyTo(names, 0);
        Array.Sort(names, StringComparer.Ordinal);
        var map = new JsonObject();
        foreach (var name in names)
        {
            map[name] = given[name];
        }

        return map;
    }

    private JsonArray List(ref Utf8JsonReader reader, ValueSchema element)
    {
        var items = new JsonArray();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var length = _path.Length;
            _path.Append('[').Append(items.Count).Append(']');
            items.Add(Value(ref reader, element) ?? ZeroOf(element));
            _path.Length = length;
        }

        return items;
    }

    private JsonNode? Scalar(ref Utf8JsonReader reader, ValueSchema schema)
    {
        try
        {
            if (GoScalars.TryRead(ref reader, schema.Kind, out var node))
            {
                return node;
            }
        }
        catch (FormatException e) when (!_custom)
        {
            throw new DecodingException(e.Message, e);
        }
        catch (FormatException)
        {
            return Mismatch(ref reader, schema);
        }

        // Types with a decoder of their own end decoding at once; plain ones let it go on and report the first mistake at the end.
        var own = schema.Kind is GoKind.Time or GoKind.MicroTime or GoKind.IntOrString;
        Mismatch(ref reader, schema);
        return own && !_custom ? throw new DecodingException(_firstTypeError!) { Unconvertible = _unconvertible } : null;
    }

    private JsonNode? Mismatch(ref Utf8JsonReader reader, ValueSchema schema)
    {
        var integer = schema.Kind is GoKind.Whole32 or GoKind.Whole64 or GoKind.IntOrString;
        if (_custom)
        {
            _mismatches.Add(new TypeMismatch(_path.ToString(), GoScalars.SchemaType(schema.Kind), GoScalars.SchemaType(ref reader)));
        }
        else
        {
            var where = _owner is null ? "Go value" : $"Go struct field {_owner}.{string.Join('.', _fieldStack)}";
            _unconvertible ??= GoScalars.Unconvertible(ref reader, schema);
            _firstTypeError ??= $"json: cannot unmarshal {GoScalars.Describe(ref reader, integer)} into {where} of type {schema.GoType}";
        }

        reader.Skip();
        return null;
    }

    private int Push(string name)
    {
        var length = _path.Length;
        if (length > 0)
        {
            _path.Append('.');
        }

        _path.Append(name);
        return length;
    }

    private void Note(string what)
    {
        var text = $"{what} \"{_path}\"";
        if (_strict.Count < MaxStrictErrors && _seen.Add(text))
        {
            _strict.Add(text);
        }
    }

    /// <summary>The type with nothing given: what Go writes of a zero struct.</summary>
    public static JsonObject Zero(TypeSchema schema) => Assemble(schema, []);

    private static JsonObject Assemble(TypeSchema schema, Dictionary<string, JsonNode?> given)
    {
        var result = new JsonObject();
        foreach (var field in schema.Fields)
        {
            var value = given.GetValueOrDefault(field.Name);
            if (value is null ? field.Presence == Presence.Always : field.Presence != Presence.OmitEmpty || !IsZero(value))
            {
                result[field.Name] = value ?? ZeroOf(field.Value);
            }
        }

        return result;
    }

    private static bool IsZero(JsonNode value) => value switch
    {
        JsonObject o => o.Count == 0,
        JsonArray a => a.Count == 0,
        JsonValue v => v.GetValueKind() switch
        {
            JsonValueKind.False => true,
            JsonValueKind.String => v.GetValue<string>().Length == 0,
            JsonValueKind.Number => v.TryGetValue<long>(out var n) && n == 0,
            _ => false,
        },
        _ => false,
    };

    private static JsonNode? ZeroOf(ValueSchema schema) => schema.Kind switch
    {
        GoKind.Text => "",
        GoKind.Bool => false,
        GoKind.Whole32 or GoKind.Whole64 or GoKind.IntOrString or GoKind.Real => 0,
        GoKind.Quantity => "0",
        GoKind.Struct => Zero(schema.Struct!),
        _ => null,
    };
}
