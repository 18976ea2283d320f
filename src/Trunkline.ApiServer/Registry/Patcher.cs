using System.Text.Json;
using System.Text.Json.Nodes;
using Trunkline.ApiServer.Apply;
using Trunkline.ApiServer.Errors;
using Trunkline.ApiServer.Http;
using Trunkline.ApiServer.Patching;
using Trunkline.ApiServer.Storage;
using Trunkline.ApiServer.Validation.Decoding;
using Trunkline.ApiServer.Validation.Fields;

namespace Trunkline.ApiServer.Registry;

/// <summary>Patches of all four kinds. The patch is made against the stored object inside the write, so that it never loses a race.</summary>
internal sealed class Patcher(Creator creator, Updater updater)
{
    public const string JsonPatchType = "application/json-patch+json";
    public const string MergePatchType = "application/merge-patch+json";
    public const string StrategicType = "application/strategic-merge-patch+json";
    public const string ApplyType = "application/apply-patch+yaml";

    /// <summary>Whether a media type is a patch that this kind takes.</summary>
    public static bool Accepts(Kinds.ResourceKind kind, string type) => type is JsonPatchType or MergePatchType or ApplyType || (type == StrategicType && !kind.IsCustom);

    /// <summary>Reads the patch before the write begins.</summary>
    public static JsonNode Parse(string type, byte[] body)
    {
        var json = type == ApplyType ? RequestBody.FromYaml(body).Json : body;
        try
        {
            var node = JsonNode.Parse(json, null, new JsonDocumentOptions { MaxDepth = 256 });
            return type == JsonPatchType
                ? node as JsonArray ?? throw StatusErrors.BadRequest("error decoding patch: json: cannot unmarshal object into Go value of type jsonpatch.Patch")
                : node as JsonObject ?? throw StatusErrors.BadRequest("error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}");
        }
        catch (Exception bad) when (bad is JsonException or ArgumentException)
        {
            throw StatusErrors.BadRequest("error decoding patch: " + GoSyntax.Describe(json));
        }
    }

    /// <summary>Applies a patch; tells whether the object was made by it.</summary>
    public (JsonObject State, bool Created) Patch(WriteSession session, WriteRequest request, string type, JsonNode patch, string printed)
    {
        if (type == ApplyType)
        {
            return ApplyPatch(session, request, (JsonObject)patch);
        }

        var stored = Updater.Find(session, request);
        var current = Documents.Read(request.Kind, stored);
        JsonObject patched;
        try
        {
            patched = type switch
            {
                JsonPatchType => JsonPatch.Apply(current, (JsonArray)patch),
                MergePatchType => MergePatch.Apply(current, (JsonObject)patch),
                _ => StrategicMerge.Apply(current, (JsonObject)patch, PatchFacts.SchemaOf(request.Kind)!),
            };
        }
        catch (Exception bad) when (bad is InvalidOperationException or InvalidCastException or FormatException)
        {
            throw StatusErrors.BadRequest($"error decoding patch: {bad.Message}");
        }

        var document = Decode(request, patched, type == StrategicType ? printed : null);
        var name = document.Name();
        if (name != request.Name)
        {
            throw StatusErrors.BadRequest($"the name of the object ({name}) does not match the name on the URL ({request.Name})");
        }

        return (updater.Replace(session, request, stored, document, null), false);
    }

    private (JsonObject State, bool Created) ApplyPatch(WriteSession session, WriteRequest request, JsonObject patch)
    {
        if (!request.Options.ManagerGiven)
        {
            throw FieldManager.ManagerRequired();
        }

        if (patch["metadata"]?["managedFields"] is not null)
        {
            throw StatusErrors.BadRequest("metadata.managedFields must be nil");
        }

        var name = ObjectMetadata.Text(patch["metadata"]?["name"]);
        if (name.Length > 0 && name != request.Name)
        {
            throw StatusErrors.BadRequest($"the name of the object ({name}) does not match the name on the URL ({request.Name})");
        }

        CheckDeclared(request, patch);
        var manager = new FieldManager(request.Kind, request.Options.FieldManager, request.Subresource, ObjectMetadata.Rfc3339(request.Now));
        if (session.Get(request.Key(request.Name)) is not { } stored)
        {
            if (request.Subresource.Length > 0)
            {
                throw StatusErrors.NotFound(request.Kind, request.Name);
            }

            var empty = new JsonObject { ["metadata"] = new JsonObject { ["name"] = request.Name } };
            var made = manager.Apply(empty, patch, request.Options.Force);
            return (creator.Create(session, request, Decode(request, made, null), applied: true), true);
        }

        var merged = manager.Apply(Documents.Read(request.Kind, stored), patch, request.Options.Force);
        var managed = merged["metadata"]!["managedFields"]?.DeepClone() as JsonArray ?? [];
        var document = Decode(request, merged, null);
        document.Metadata().Remove("resourceVersion");
        document.Metadata()["resourceVersion"] = stored.Revision.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return (updater.Replace(session, request, stored, document, managed), false);
    }

    // Apply works on typed values: a field that the type does not declare cannot be merged, whatever fieldValidation says.
    private static void CheckDeclared(WriteRequest request, JsonObject patch)
    {
        var decoded = request.Strategy.Decode(GoJson.ToBytes(patch));
        var unknown = decoded.StrictErrors.Where(e => e.StartsWith("unknown field ", StringComparison.Ordinal))
            .Select(e => $".{e["unknown field ".Length..].Trim('"')}: field not declared in schema").ToList();
        if (unknown.Count > 0 && !request.Kind.IsCustom)
        {
            var place = request.StoredNamespace.Length > 0 ? request.StoredNamespace + "/" : "";
            var listed = unknown.Count == 1 ? unknown[0] : $"errors:\n  {string.Join("\n  ", unknown)}";
            throw new ApiStatusException(
                500, "", $"failed to create typed patch object ({place}{request.Name}; {request.Kind.ApiVersion}, Kind={request.Kind.Kind}): {listed}");
        }
    }

    private static JsonObject Decode(WriteRequest request, JsonObject patched, string? printedPatch)
    {
        try
        {
            var bytes = GoJson.ToBytes(patched);
            var decoded = request.Strategy.Decode(bytes);
            if (decoded.StrictErrors.Count > 0 && request.Options.FieldValidation == "Strict")
            {
                throw Bad(printedPatch ?? System.Text.Encoding.UTF8.GetString(bytes), "strict decoding error: " + string.Join(", ", decoded.StrictErrors));
            }

            if (request.Options.FieldValidation == "Warn")
            {
                request.Warnings.AddRange(decoded.StrictErrors);
            }

            ObjectDecoder.Mismatches(request.Kind, decoded);
            return decoded.Document;
        }
        catch (DecodingException bad)
        {
            throw Bad(printedPatch ?? System.Text.Encoding.UTF8.GetString(GoJson.ToBytes(patched)), bad.Message);
        }
    }

    private static ApiStatusException Bad(string value, string why) =>
        StatusErrors.Invalid("", "", "", [new FieldError("FieldValueInvalid", $"Invalid value: {Go.Print(value)}: {why}", "patch")]);

    /// <summary>A patch as Go prints a map, for messages.</summary>
    public static string Print(JsonNode? node) => node switch
    {
        JsonObject map => "map[" + string.Join(' ', map.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => p.Key + ":" + Print(p.Value))) + "]",
        JsonArray list => "[" + string.Join(' ', list.Select(Print)) + "]",
        null => "<nil>",
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        _ => node.ToJsonString(),
    };
}
