using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Trunkline.ApiServer.Errors;
using Trunkline.ApiServer.Protobuf;

namespace Trunkline.ApiServer.Http;

/// <summary>A request body as JSON, whatever it was sent as.</summary>
/// <param name="Json">The document; empty for no body.</param>
/// <param name="StrictErrors">Keys given twice in YAML.</param>
public sealed record RequestBody(byte[] Json, IReadOnlyList<string> StrictErrors)
{
    /// <summary>apiserver's limit on a request body.</summary>
    public const int Limit = 3 * 1024 * 1024;

    public bool IsEmpty => Json.Length == 0;

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
    public static async Task<RequestBody> ReadAsync(HttpRequest request)
    {
        var bytes = await ReadBytesAsync(request);
        return bytes.Length == 0 ? new RequestBody([], []) : Convert(bytes, MediaType(request));
    }

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
                    ? new RequestBody(GoJson.ToBytes(item), [])
                    : throw StatusErrors.BadRequest(error);
            default:
                throw new ApiStatusException(
                    415,
                    "UnsupportedMediaType",
                    "the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf");
        }
    }

    public static RequestBody FromYaml(byte[] bytes)
    {
        try
        {
            var (json, errors) = YamlReader.ToJson(bytes);
            return new RequestBody(json, errors);
        }
        catch (FormatException bad)
        {
            throw StatusErrors.BadRequest(bad.Message);
        }
    }

    /// <summary>The body as a document of no particular kind.</summary>
    public JsonObject? ToObject()
    {
        try
        {
            return JsonNode.Parse(Json, null, new JsonDocumentOptions { MaxDepth = 256 }) as JsonObject;
        }
        catch (Exception bad) when (bad is JsonException or ArgumentException)
        {
            throw StatusErrors.BadRequest(GoSyntax.Describe(Json, "couldn't get version/kind; json parse error: "));
        }
    }
}
