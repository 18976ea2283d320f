using System.Text.Json;
using System.Text.Json.Nodes;
using Trunkline.ApiServer.Errors;
using Trunkline.ApiServer.Http;
using Trunkline.ApiServer.Kinds;
using Trunkline.ApiServer.Validation.Decoding;
using Trunkline.ApiServer.Validation.Fields;

namespace Trunkline.ApiServer.Registry;

/// <summary>Reads a request body as an object of a kind, with the server's refusals.</summary>
internal static class ObjectDecoder
{
    public static JsonObject Decode(WriteRequest request, RequestBody body)
    {
        var kind = request.Kind;
        if (body.IsEmpty)
        {
            throw StatusErrors.BadRequest("Required value: body is empty");
        }

        CheckKind(kind, body);
        try
        {
            var decoded = request.Strategy.Decode(body.Json);
            Strict(request, [.. body.StrictErrors, .. decoded.StrictErrors]);
            Mismatches(kind, decoded);
            return decoded.Document;
        }
        catch (DecodingException bad)
        {
            throw StatusErrors.BadRequest($"{Cannot(kind)}: {bad.Message}");
        }
        catch (JsonException)
        {
            throw StatusErrors.BadRequest(GoSyntax.Describe(body.Json, $"{Cannot(kind)}: json parse error: "));
        }
    }

    public static string Cannot(ResourceKind kind) => $"{kind.Kind} in version \"{kind.Version}\" cannot be handled as a {kind.Kind}";

    /// <summary>A wrong type in a custom resource is found by its schema, after it was read.</summary>
    public static void Mismatches(ResourceKind kind, DecodedDocument decoded)
    {
        if (decoded.Mismatches.Count > 0)
        {
            throw StatusErrors.Invalid(kind, ObjectMetadata.Name(decoded.Document), [.. decoded.Mismatches.Select(m => new FieldError(
                "FieldValueTypeInvalid",
                $"Invalid value: \"{m.Actual}\": {m.Path} in body must be of type {m.Expected}: \"{m.Actual}\"",
                m.Path))]);
        }
    }

    private static void Strict(WriteRequest request, IReadOnlyList<string> errors)
    {
        if (errors.Count == 0)
        {
            return;
        }

        switch (request.Options.FieldValidation)
        {
            case "Strict":
                throw StatusErrors.BadRequest($"{Cannot(request.Kind)}: strict decoding error: {string.Join(", ", errors)}");
            case "Warn":
                request.Warnings.AddRange(errors);
                break;
        }
    }

    private static void CheckKind(ResourceKind kind, RequestBody body)
    {
        var (apiVersion, name) = Identity(body);
        if ((name.Length == 0 || name == kind.Kind) && (apiVersion.Length == 0 || apiVersion == kind.ApiVersion))
        {
            return;
        }

        var version = apiVersion.Split('/')[^1];
        if (KindCatalog.FindKind(apiVersion, name) is null)
        {
            throw StatusErrors.BadRequest(
                $"{name} in version \"{version}\" cannot be handled as a {kind.Kind}: no kind \"{name}\" is registered for version \"{apiVersion}\" in scheme \"pkg/api/legacyscheme/scheme.go:30\"");
        }

        var package = kind.Group.Length == 0 ? "core" : kind.Group.Split('.')[0];
        throw StatusErrors.BadRequest(name == kind.Kind
            ? $"the API version in the data ({apiVersion}) does not match the expected API version ({kind.ApiVersion})"
            : $"{name} in version \"{version}\" cannot be handled as a {kind.Kind}: converting ({version}.{name}) to ({package}.{kind.Kind}): unknown conversion");
    }

    private static (string ApiVersion, string Kind) Identity(RequestBody body)
    {
        try
        {
            var document = body.ToObject() ?? throw StatusErrors.BadRequest("couldn't get version/kind; json parse error: json: cannot unmarshal into Go value of type struct { APIVersion string; Kind string }");
            return (ObjectMetadata.Text(document["apiVersion"]), ObjectMetadata.Text(document["kind"]));
        }
        catch (ArgumentException)
        {
            // JsonObject refuses duplicate keys when it is looked into; the decoder reports them.
            return Scan(body.Json);
        }
    }

    private static (string ApiVersion, string Kind) Scan(byte[] json)
    {
        var (apiVersion, kind) = ("", "");
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            if (reader.TokenType == JsonTokenType.String && name is "kind" or "apiVersion")
            {
                (apiVersion, kind) = name == "kind" ? (apiVersion, reader.GetString()!) : (reader.GetString()!, kind);
            }

            reader.Skip();
        }

        return (apiVersion, kind);
    }
}
