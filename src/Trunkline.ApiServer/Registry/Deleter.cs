using System.Globalization;
using System.Text.Json.Nodes;
using Trunkline.ApiServer.Errors;
using Trunkline.ApiServer.Storage;

namespace Trunkline.ApiServer.Registry;

/// <summary>Deletes objects: at once, after a Pod's grace, or when the last finalizer is gone.</summary>
internal static class Deleter
{
    /// <summary>The object as it is after the request, and whether it is gone.</summary>
    public static (JsonObject State, bool Gone) Delete(WriteSession session, WriteRequest request, DeleteOptions options)
    {
        NamespaceGate.CheckDelete(request);
        var stored = Updater.Find(session, request);
        CheckPreconditions(request, stored, options);
        var document = Documents.Read(request.Kind, stored);
        AddPropagation(document, options);
        return request.Kind switch
        {
            { Group: "", Kind: "Namespace" } => Mark(session, request, stored, document, null, options, HoldsNamespace(document)),
            { Group: "", Kind: "Pod" } => Pod(session, request, stored, document, options),
            _ when document.HasFinalizers() => Mark(session, request, stored, document, 0, options, true),
            _ => Remove(session, request, stored, document, options),
        };
    }

    private static bool HoldsNamespace(JsonObject document) => document.HasFinalizers() || document["spec"]?["finalizers"] is JsonArray { Count: > 0 };

    private static void CheckPreconditions(WriteRequest request, StoredObject stored, DeleteOptions options)
    {
        if (options.Uid.Length > 0 && options.Uid != stored.Uid)
        {
            throw StatusErrors.ConflictOfKind(
                request.Kind,
                request.Name,
                $"the UID in the precondition ({options.Uid}) does not match the UID in record ({stored.Uid}). The object might have been deleted and then recreated");
        }

        var version = stored.Revision.ToString(CultureInfo.InvariantCulture);
        if (options.ResourceVersion.Length > 0 && options.ResourceVersion != version)
        {
            throw StatusErrors.ConflictOfKind(
                request.Kind,
                request.Name,
                $"the ResourceVersion in the precondition ({options.ResourceVersion}) does not match the ResourceVersion in record ({version}). The object might have been modified");
        }
    }

    // Foreground and Orphan are finalizers that the garbage collector removes when it has done its part.
    private static void AddPropagation(JsonObject document, DeleteOptions options)
    {
        var finalizer = options.Propagation switch { "Foreground" => "foregroundDeletion", "Orphan" => "orphan", _ => "" };
        if (finalizer.Length == 0 || document.IsDeleting())
        {
            return;
        }

        var metadata = document.Metadata();
        var finalizers = metadata["finalizers"] as JsonArray ?? [];
        metadata["finalizers"] = finalizers;
        if (!finalizers.Any(f => ObjectMetadata.Text(f) == finalizer))
        {
            finalizers.Add(finalizer);
        }
    }

    private static (JsonObject State, bool Gone) Pod(WriteSession session, WriteRequest request, StoredObject stored, JsonObject pod, DeleteOptions options)
    {
        var grace = Math.Max(options.GraceSeconds ?? (long?)pod["spec"]?["terminationGracePeriodSeconds"] ?? 30, 0);
        var unscheduled = ObjectMetadata.Text(pod["spec"]?["nodeName"]).Length == 0;
        if (unscheduled || ObjectMetadata.Text(pod["status"]?["phase"]) is "Succeeded" or "Failed")
        {
            grace = 0;
        }

        if (pod.IsDeleting())
        {
            // A second deletion may only shorten the grace.
            grace = Math.Min(grace, (long?)pod.Metadata()["deletionGracePeriodSeconds"] ?? grace);
        }

        if (grace > 0 || pod.HasFinalizers())
        {
            return Mark(session, request, stored, pod, grace, options, true);
        }

        pod.Metadata()["deletionTimestamp"] = ObjectMetadata.Rfc3339(request.Now);
        pod.Metadata()["deletionGracePeriodSeconds"] = 0;
        return Remove(session, request, stored, pod, options);
    }

    private static (JsonObject State, bool Gone) Mark(
        WriteSession session, WriteRequest request, StoredObject stored, JsonObject document, long? grace, DeleteOptions options, bool held)
    {
        if (!held)
        {
            return Remove(session, request, stored, document, options);
        }

        var metadata = document.Metadata();
        var isNew = !document.IsDeleting();
        if (isNew || (grace is { } wanted && wanted < ((long?)metadata["deletionGracePeriodSeconds"] ?? 0)))
        {
            metadata["deletionTimestamp"] = ObjectMetadata.Rfc3339(request.Now.AddSeconds(grace ?? 0));
            if (grace is not null)
            {
                metadata["deletionGracePeriodSeconds"] = grace;
            }

            if (request.Strategy.HasGeneration && isNew)
            {
                metadata["generation"] = ((long?)metadata["generation"] ?? 0) + 1;
            }
        }

        if (request.Kind is { Group: "", Kind: "Namespace" })
        {
            document["status"] ??= new JsonObject();
            document["status"]!["phase"] = "Terminating";
        }

        var arranged = ObjectMetadata.Arranged(document, request.Kind.Kind, request.Kind.ApiVersion);
        return options.DryRun || JsonNode.DeepEquals(arranged, Documents.Read(request.Kind, stored))
            ? (arranged, false)
            : (Documents.Put(session, request.Kind, stored.Key, arranged), false);
    }

    private static (JsonObject State, bool Gone) Remove(WriteSession session, WriteRequest request, StoredObject stored, JsonObject document, DeleteOptions options)
    {
        var arranged = ObjectMetadata.Arranged(document, request.Kind.Kind, request.Kind.ApiVersion);
        return options.DryRun ? (arranged, true) : (Documents.Read(request.Kind, session.Remove(stored.Key, Documents.ForStorage(request.Kind, arranged))), true);
    }
}
