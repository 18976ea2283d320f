using System.Globalization;
using System.Text.Json.Nodes;
using Trunkline.ApiServer.Apply;
using Trunkline.ApiServer.Errors;
using Trunkline.ApiServer.Registry.Services;
using Trunkline.ApiServer.Storage;
using Trunkline.ApiServer.Validation.Fields;

namespace Trunkline.ApiServer.Registry;

/// <summary>Replaces stored objects by changed ones, whether they come from an update or from a patch.</summary>
internal sealed class Updater(ServiceAllocator services)
{
    private static readonly string[] SystemFields = ["uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "selfLink", "generateName", "generation"];

    public static StoredObject Find(WriteSession session, WriteRequest request) =>
        session.Get(request.Key(request.Name)) ?? throw StatusErrors.NotFound(request.Kind, request.Name);

    /// <summary>An update with a whole object.</summary>
    public JsonObject Update(WriteSession session, WriteRequest request, JsonObject document)
    {
        if (document.Name().Length == 0)
        {
            throw StatusErrors.BadRequest("name must be provided");
        }

        if (document.Name() != request.Name)
        {
            throw StatusErrors.BadRequest($"the name of the object ({document.Name()}) does not match the name on the URL ({request.Name})");
        }

        if (ObjectMetadata.Text(document.Metadata()["namespace"]) is { Length: > 0 } ns && ns != request.StoredNamespace)
        {
            throw StatusErrors.BadRequest($"the namespace of the provided object does not match the namespace sent on the request");
        }

        var stored = Find(session, request);
        if (ObjectMetadata.Text(document.Metadata()["uid"]) is { Length: > 0 } uid && uid != stored.Uid)
        {
            // An object that is sent whole is meant for the one object that has its uid (rest.DefaultUpdatedObjectInfo.Preconditions).
            throw StatusErrors.Conflict(
                request.Kind,
                request.Name,
                $"StorageError: invalid object, Code: 4, Key: {StoragePlace(request)}, ResourceVersion: 0, " +
                $"AdditionalErrorMsg: Precondition failed: UID in precondition: {uid}, UID in object meta: {stored.Uid}");
        }

        return Replace(session, request, stored, document, null);
    }

    /// <summary>Puts a changed document in the place of a stored one. <paramref name="applied"/> is the document with managedFields made by an apply.</summary>
    public JsonObject Replace(WriteSession session, WriteRequest request, StoredObject stored, JsonObject document, JsonArray? applied)
    {
        var strategy = request.Strategy;
        var old = Documents.Read(request.Kind, stored);
        CheckVersion(request, stored, document);
        CarryOver(document, old);
        document.DedupOwners(request.Warnings);
        strategy.ApplyDefaults(document);
        Own(request, old, document, applied);
        strategy.PrepareForUpdate(document, old, request.Subresource);
        if (request.Kind is { Group: "", Kind: "Service" } && request.Subresource.Length == 0)
        {
            services.Update(session, request, document, old);
        }

        CountGeneration(request, document, old);
        if (strategy.ValidateUpdate(document, old, request.Subresource) is { Count: > 0 } errors)
        {
            throw StatusErrors.Invalid(request.Kind, request.Name, errors);
        }

        request.Warnings.AddRange(strategy.Warnings(document, old));
        return Store(session, request, stored, old, document);
    }

    private static void CheckVersion(WriteRequest request, StoredObject stored, JsonObject document)
    {
        var metadata = document.Metadata();
        var version = ObjectMetadata.Text(metadata["resourceVersion"]);
        if (version.Length == 0 || version == "0")
        {
            if (request.Kind.IsCustom || request.Kind.Kind is "Lease" or "PodDisruptionBudget")
            {
                throw StatusErrors.Invalid(request.Kind, request.Name, [new FieldError("FieldValueInvalid", "Invalid value: 0x0: must be specified for an update", "metadata.resourceVersion")]);
            }
        }
        else if (!ulong.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            throw new ApiStatusException(500, "", $"strconv.ParseUint: parsing {Go.Quote(version)}: invalid syntax");
        }
        else if (version != stored.Revision.ToString(CultureInfo.InvariantCulture))
        {
            throw StatusErrors.Modified(request.Kind, request.Name);
        }

        metadata["resourceVersion"] = stored.Revision.ToString(CultureInfo.InvariantCulture);
    }

    // The key in etcd that the words name.
    private static string StoragePlace(WriteRequest request)
    {
        var folder = (request.Kind.Group, request.Kind.Plural) switch
        {
            ("", "services") => "services/specs",
            ("", "endpoints") => "services/endpoints",
            ("", "nodes") => "minions",
            _ => request.Kind.IsCustom ? request.Kind.Group + "/" + request.Kind.Plural : request.Kind.Plural,
        };
        return $"/registry/{folder}/{(request.StoredNamespace.Length > 0 ? request.StoredNamespace + "/" : "")}{request.Name}";
    }

    private static void CarryOver(JsonObject document, JsonObject old)
    {
        var (metadata, before) = (document.Metadata(), old.Metadata());
        metadata["name"] = before["name"]!.DeepClone();
        foreach (var field in SystemFields.Append("namespace"))
        {
            if (field == "uid" && ObjectMetadata.Text(metadata[field]).Length > 0)
            {
                // Whoever names another uid is told that it cannot change.
                continue;
            }

            metadata.Remove(field);
            if (before[field] is { } value)
            {
                metadata[field] = value.DeepClone();
            }
        }
    }

    private static void Own(WriteRequest request, JsonObject old, JsonObject document, JsonArray? applied)
    {
        var metadata = document.Metadata();
        metadata.Remove("managedFields");
        if (applied is not null)
        {
            metadata["managedFields"] = applied;
            return;
        }

        new FieldManager(request.Kind, request.Options.FieldManager, request.Subresource, ObjectMetadata.Rfc3339(request.Now)).Update(old, document);
    }

    private static void CountGeneration(WriteRequest request, JsonObject document, JsonObject old)
    {
        if (request.Strategy.HasGeneration && !Same(document, old, "metadata", "status", "kind", "apiVersion"))
        {
            document.Metadata()["generation"] = ((long?)old.Metadata()["generation"] ?? 0) + 1;
        }
    }

    private static JsonObject Store(WriteSession session, WriteRequest request, StoredObject stored, JsonObject old, JsonObject document)
    {
        document = ObjectMetadata.Arranged(document, request.Kind.Kind, request.Kind.ApiVersion);
        if (JsonNode.DeepEquals(document, old) || request.Options.DryRun)
        {
            return document;
        }

        if (document.IsDeleting() && IsFinished(request, document))
        {
            return Documents.Read(request.Kind, session.Remove(stored.Key, Documents.ForStorage(request.Kind, document)));
        }

        return Documents.Put(session, request.Kind, stored.Key, document);
    }

    /// <summary>Whether nothing holds a deleted object any more.</summary>
    private static bool IsFinished(WriteRequest request, JsonObject document)
    {
        var held = request.Kind is { Group: "", Kind: "Namespace" } && document["spec"]?["finalizers"] is JsonArray { Count: > 0 };
        return !held && !document.HasFinalizers() && ((long?)document.Metadata()["deletionGracePeriodSeconds"] ?? 0) == 0;
    }

    private static bool Same(JsonObject a, JsonObject b, params string[] but) =>
        a.Select(p => p.Key).Union(b.Select(p => p.Key)).Where(k => !but.Contains(k)).All(k => JsonNode.DeepEquals(a[k], b[k]));
}
