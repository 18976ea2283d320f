using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Trunkline.ApiServer.Errors;
using Trunkline.ApiServer.Protobuf;
using Trunkline.ApiServer.Validation.Decoding;

namespace Trunkline.ApiServer.Http;

/// <summary>A request body as JSON, whatever it was sent as.</summary>
/// <param name="Json">The document; empty for no body.</param>
/// <param name="StrictErrors">Keys given twice in YAML.</param>
public sealed record RequestBody(byte[] Json, IReadOnlyList<string> StrictErrors)
{
    /// <summary>apiserver's limit on a request body.</summary>
    public const int Limit = 3 * 1024 * 1024;

    // What apiserver first reads of any body, as Go prints the type.
    private const string TypeMeta = "struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string \"json:\\\"kind,omitempty\\\"\" }";

    /// <summary>Why the bytes are no document of the format they claim; null where they are.</summary>
    public string? Malformed { get; private init; }

    /// <summary>The bytes as sent.</summary>
    public byte[] Raw { get; private init; } = Json;

    public bool IsEmpty => Raw.Length == 0;

    /// <summary>The media type without its parameters.</summary>
    public static string MediaType(HttpRequest request) => (request.ContentType ?? "").Split(';')[0].Trim().ToLowerInvariant();

    public static async Task<byte[]> ReadBytesAsync(HttpRequest request)
    {
        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(chunk, request.HttpContext.RequestAborted)) > 0)
        {
            buffer.Write(chunk, 0, read);
            if (buffer.Length > Limit)
            {
                throw new ApiStatusException(413, "RequestEntityTooLarge", $"Request entity too large: limit is {Limit}", []);
            }
        }

        return buffer.ToArray();
    }

    /// <summary>Reads a body in any of the formats of objects.</summary>
    public static async Task<RequestBody> ReadAsync(HttpRequest request) => Convert(await ReadBytesAsync(request), MediaType(request));

    public static RequestBody FromYaml(byte[] bytes)
    {
        try
        {
            var (json, errors) = YamlReader.ToJson(bytes);
            return new RequestBody(json, errors) { Raw = bytes };
        }
        catch (FormatException bad)
        {
            return new RequestBody([], []) { Raw = bytes, Malformed = bad.Message };
        }
    }

    /// <summary>The body as a document; throws the refusal that names the kind wanted (transformDecodeError).</summary>
    public JsonObject ToObject(string kind) => TryObject(out var document, out var why)
        ? document
        : throw StatusErrors.BadRequest($"the object provided is unrecognized (must be of type {kind}): {why} ({Summary()})");

    /// <summary>The body as a document of no particular kind, or why it is none.</summary>
    public bool TryObject(out JsonObject document, out string why)
    {
        (document, why) = ([], Malformed ?? "");
        if (Malformed is not null)
        {
            return false;
        }

        try
        {
            var reader = new Utf8JsonReader(Json, new JsonReaderOptions { MaxDepth = 256 });
            reader.Read();
            var node = GoAny.Read(ref reader);
            if (reader.Read())
            {
                throw new JsonException();
            }

            document = node as JsonObject ?? [];
            why = node is null or JsonObject ? Misfit(document) : $"couldn't get version/kind; json parse error: json: cannot unmarshal {Name(node)} into Go value of type {TypeMeta}";
        }
        catch (JsonException)
        {
            why = GoSyntax.Describe(Json, "couldn't get version/kind; json parse error: ");
        }
        catch (DecodingException bad)
        {
            why = "couldn't get version/kind; json parse error: " + bad.Message;
        }

        return why.Length == 0;
    }

    /// <summary>What Go calls a JSON value that does not fit.</summary>
    public static string Name(JsonNode? node) => node?.GetValueKind() switch
    {
        JsonValueKind.Array => "array",
        JsonValueKind.Object => "object",
        JsonValueKind.String => "string",
        JsonValueKind.Number => "number",
        JsonValueKind.True or JsonValueKind.False => "bool",
        _ => "null",
    };

    private static RequestBody Convert(byte[] bytes, string type)
    {
        switch (type)
        {
            case "" or "application/json" or "*/*":
                return new RequestBody(bytes, []);
            case "application/yaml":
                return FromYaml(bytes);
            case KubernetesProtobuf.MediaType:
                return KubernetesProtobuf.TryDecode(bytes, out var item, out var error)
                    ? new RequestBody(GoJson.ToBytes(item), []) { Raw = bytes }
                    : new RequestBody([], []) { Raw = bytes, Malformed = error };
            default:
                throw new ApiStatusException(
                    415,
                    "UnsupportedMediaType",
                    "the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf");
        }
    }

    private static string Misfit(JsonObject document)
    {
        foreach (var field in (string[])["apiVersion", "kind"])
        {
            if (document[field] is { } value && value.GetValueKind() != JsonValueKind.String)
            {
                return $"couldn't get version/kind; json parse error: json: cannot unmarshal {Name(value)} into Go struct field .{field} of type string";
            }
        }

        return document["apiVersion"] is { } version && version.GetValue<string>() is var text && text.Count('/') > 1 ? "unexpected GroupVersion string: " + text : "";
    }

    // summarizeData: the beginning of what cannot be read, in hexadecimal where it is not even the beginning of an object.
    private string Summary()
    {
        const int Shown = 30;
        if (Raw.Length == 0)
        {
            return "<empty>";
        }

        var head = Raw.AsSpan(0, Math.Min(Raw.Length, Shown));
        return (Raw[0] == '{' ? Encoding.UTF8.GetString(head) : System.Convert.ToHexStringLower(head)) + (Raw.Length > Shown ? " ..." : "");
    }
}
