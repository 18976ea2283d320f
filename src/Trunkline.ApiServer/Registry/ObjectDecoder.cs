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
        CheckKind(kind, body.ToObject(kind.Kind));
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

    private static void CheckKind(ResourceKind kind, JsonObject document)
    {
        var (apiVersion, name) = (ObjectMetadata.Text(document["apiVersion"]), ObjectMetadata.Text(document["kind"]));
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
}
