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
    /// <summary>Whether a media type is a patch that this kind takes.</summary>
    public static bool Accepts(Kinds.ResourceKind kind, string type) => type is ParsedPatch.Json or ParsedPatch.Merge or ParsedPatch.Apply || (type == ParsedPatch.Strategic && !kind.IsCustom);

    /// <summary>Applies a patch; tells whether the object was made by it.</summary>
    public (JsonObject State, bool Created) Patch(WriteSession session, WriteRequest request, ParsedPatch patch)
    {
        if (patch.Type == ParsedPatch.Apply)
        {
            return ApplyPatch(session, request, patch.Document);
        }

        var stored = Updater.Find(session, request);
        var current = Documents.Read(request.Kind, stored);
        var document = Decode(request, Patched(request.Kind, current, patch), patch);
        CheckPlace(request, document);
        var name = document.Name();
        if (name != request.Name)
        {
            throw StatusErrors.BadRequest($"the name of the object ({name}) does not match the name on the URL ({request.Name})");
        }

        return (updater.Replace(session, request, stored, document, null), false);
    }

    /// <summary>The document that a patch makes of another.</summary>
    public static JsonObject Patched(Kinds.ResourceKind kind, JsonObject current, ParsedPatch patch) => patch.Type switch
    {
        ParsedPatch.Json => JsonPatch.Apply(current, (JsonArray)patch.Body),
        ParsedPatch.Merge => MergePatch.Apply(current, patch.Document),
        _ => StrategicMerge.Apply(current, patch.Document, PatchFacts.SchemaOf(kind)!),
    };

    private static void CheckPlace(WriteRequest request, JsonObject document)
    {
        if (ObjectMetadata.Text(document.Metadata()["namespace"]) is { Length: > 0 } ns && ns != request.StoredNamespace)
        {
            throw StatusErrors.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
        }
    }

    private (JsonObject State, bool Created) ApplyPatch(WriteSession session, WriteRequest request, JsonObject patch)
    {
        if (!request.Options.ManagerGiven)
        {
            throw FieldManager.ManagerRequired();
        }

        CheckVersionOf(request, patch);
        if (patch.Obj("metadata").Has("managedFields"))
        {
            throw StatusErrors.BadRequest("metadata.managedFields must be nil");
        }

        var name = patch.Obj("metadata").Text("name");
        if (name.Length > 0 && name != request.Name)
        {
            throw StatusErrors.BadRequest($"the name of the object ({name}) does not match the name on the URL ({request.Name})");
        }

        TypedPatch.Check(request, patch);
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

    private static void CheckVersionOf(WriteRequest request, JsonObject patch)
    {
        var (apiVersion, kind) = (patch.Text("apiVersion"), patch.Text("kind"));
        if (apiVersion != request.Kind.ApiVersion)
        {
            throw StatusErrors.BadRequest($"Incorrect version specified in apply patch. Specified patch version: {apiVersion}, expected: {request.Kind.ApiVersion}");
        }

        if (kind != request.Kind.Kind)
        {
            throw new ApiStatusException(500, "", kind.Length == 0 ? "Object 'Kind' is missing" : $"no corresponding type for {request.Kind.ApiVersion}, Kind={kind}");
        }
    }

    /// <summary>Reads the document that a patch made as its kind.</summary>
    public static JsonObject Decode(WriteRequest request, JsonObject patched, ParsedPatch? patch)
    {
        // What the message shows: the patched object, but for a strategic patch, which is merged without text, the patch as Go prints a map.
        string Shown() => patch is { Type: ParsedPatch.Strategic } ? ParsedPatch.Print(patch.Body) : System.Text.Encoding.UTF8.GetString(GoJson.ToBytes(patched));
        try
        {
            var decoded = request.Strategy.Decode(GoJson.ToBytes(patched));
            IReadOnlyList<string> strict = [.. patch?.StrictErrors ?? [], .. decoded.StrictErrors];
            if (strict.Count > 0 && request.Options.FieldValidation == "Strict")
            {
                throw Bad(Shown(), "strict decoding error: " + string.Join(", ", strict));
            }

            if (request.Options.FieldValidation == "Warn")
            {
                request.Warnings.AddRange(strict);
            }

            ObjectDecoder.Mismatches(request.Kind, decoded);
            return decoded.Document;
        }
        catch (DecodingException bad)
        {
            throw Bad(Shown(), patch is { Type: ParsedPatch.Strategic } ? bad.Unconvertible ?? bad.Message : bad.Message);
        }
    }

    private static ApiStatusException Bad(string value, string why) =>
        StatusErrors.Invalid("", "", "", [new FieldError("FieldValueInvalid", $"Invalid value: {Go.Print(value)}: {why}", "patch")]);
}
