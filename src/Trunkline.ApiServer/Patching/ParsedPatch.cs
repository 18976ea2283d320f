using System.Text.Json;
using System.Text.Json.Nodes;
using Trunkline.ApiServer.Errors;
using Trunkline.ApiServer.Http;
using Trunkline.ApiServer.Validation.Decoding;

namespace Trunkline.ApiServer.Patching;

/// <summary>A patch as it was sent, read before the write begins (apiserver handlers/patch.go).</summary>
/// <param name="Type">Its media type.</param>
/// <param name="Body">An array for a JSON patch, an object for the others.</param>
/// <param name="StrictErrors">Duplicate and unknown fields of the patch itself.</param>
internal sealed record ParsedPatch(string Type, JsonNode Body, IReadOnlyList<string> StrictErrors)
{
    public const string Json = "application/json-patch+json";
    public const string Merge = "application/merge-patch+json";
    public const string Strategic = "application/strategic-merge-patch+json";
    public const string Apply = "application/apply-patch+yaml";

    private static readonly string[] Operation = ["op", "path", "from", "value"];

    public JsonObject Document => (JsonObject)Body;

    public static ParsedPatch Parse(string type, byte[] body, string fieldValidation)
    {
        if (type == Apply)
        {
            return FromYaml(body, fieldValidation);
        }

        var lenient = fieldValidation == "Ignore";
        var node = Node(type, body, lenient);
        var strict = new List<string>(DuplicateKeys.In(body));
        return type switch
        {
            Json => new ParsedPatch(type, Operations(node, lenient, strict), [.. strict.Select(e => "json patch " + e)]),
            _ => new ParsedPatch(type, node as JsonObject ?? throw NoMap(type, node, lenient), strict),
        };
    }

    /// <summary>A patch as Go prints a map, for messages.</summary>
    public static string Print(JsonNode? node) => node switch
    {
        JsonObject map => "map[" + string.Join(' ', map.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => p.Key + ":" + Print(p.Value))) + "]",
        JsonArray list => "[" + string.Join(' ', list.Select(Print)) + "]",
        null => "<nil>",
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        _ => node.ToJsonString(),
    };

    /// <summary>The type of a value that Go read without a schema.</summary>
    public static string GoType(JsonNode? node) => node switch
    {
        JsonObject => "map",
        JsonArray => "slice",
        null => "nil",
        _ => node.GetValueKind() switch
        {
            JsonValueKind.String => "string",
            JsonValueKind.Number => node.ToJsonString().AsSpan().ContainsAny(".eE") ? "float64" : "int64",
            _ => "bool",
        },
    };

    private static ParsedPatch FromYaml(byte[] body, string fieldValidation)
    {
        var yaml = RequestBody.FromYaml(body);
        if (yaml.Malformed is { } wrong)
        {
            throw StatusErrors.BadRequest("error decoding YAML: error converting YAML to JSON: " + wrong);
        }

        if (yaml.StrictErrors.Count > 0 && fieldValidation == "Strict")
        {
            throw StatusErrors.BadRequest("error strict decoding YAML: error converting YAML to JSON: " + yaml.StrictErrors[0]);
        }

        var node = Node(Apply, yaml.Json, false);
        return new ParsedPatch(Apply, node as JsonObject ?? (node is null
            ? new JsonObject()
            : throw StatusErrors.BadRequest($"error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {RequestBody.Name(node)} into Go value of type map[string]interface {{}}")), yaml.StrictErrors);
    }

    private static JsonNode? Node(string type, byte[] json, bool lenient)
    {
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 256 });
            reader.Read();
            var node = GoAny.Read(ref reader);
            return reader.Read() ? throw new JsonException() : node;
        }
        catch (JsonException)
        {
            throw StatusErrors.BadRequest((type, lenient) switch
            {
                (Merge, true) => "Invalid JSON Patch",
                (Strategic, _) => GoSyntax.Describe(json),
                (_, true) => GoSyntax.Describe(json),
                _ => GoSyntax.Describe(json, "error decoding patch: "),
            });
        }
        catch (DecodingException bad)
        {
            throw StatusErrors.BadRequest("error decoding patch: " + bad.Message);
        }
    }

    private static ApiStatusException NoMap(string type, JsonNode? node, bool lenient)
    {
        var words = $"json: cannot unmarshal {RequestBody.Name(node)} into Go value of type map[string]interface {{}}";
        return StatusErrors.BadRequest((type, lenient) switch
        {
            (Strategic, _) => words,
            (_, true) => "Invalid JSON Patch",
            _ => "error decoding patch: " + words,
        });
    }

    private static JsonArray Operations(JsonNode? node, bool lenient, List<string> strict)
    {
        var prefix = lenient ? "" : "error decoding patch: ";
        if (node is not JsonArray list)
        {
            throw StatusErrors.BadRequest($"{prefix}json: cannot unmarshal {RequestBody.Name(node)} into Go value of type {(lenient ? "jsonpatch.Patch" : "[]handlers.jsonPatchOp")}");
        }

        for (var i = 0; i < list.Count; i++)
        {
            if (list[i] is not JsonObject step)
            {
                throw StatusErrors.BadRequest($"{prefix}json: cannot unmarshal {RequestBody.Name(list[i])} into Go value of type {(lenient ? "jsonpatch.Operation" : "handlers.jsonPatchOp")}");
            }

            foreach (var (name, value) in step)
            {
                if (!Operation.Contains(name))
                {
                    strict.Add($"unknown field \"[{i}].{name}\"");
                }
                else if (name != "value" && !lenient && value is not null && value.GetValueKind() != JsonValueKind.String)
                {
                    throw StatusErrors.BadRequest($"{prefix}json: cannot unmarshal {RequestBody.Name(value)} into Go struct field jsonPatchOp.{name} of type string");
                }
            }
        }

        return list;
    }
}
