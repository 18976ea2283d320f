using System.Globalization;
using System.Text.Json.Nodes;
using Trunkline.ApiServer.Apply;
using Trunkline.ApiServer.Errors;
using Trunkline.ApiServer.Registry.Services;
using Trunkline.ApiServer.Storage;

namespace Trunkline.ApiServer.Registry;

/// <summary>Creates objects.</summary>
internal sealed class Creator(ServiceAllocator services)
{
    /// <summary>Creates a decoded object within a write; gives it as stored. <paramref name="applied"/> tells that managedFields are made already.</summary>
    public JsonObject Create(WriteSession session, WriteRequest request, JsonObject document, bool applied = false)
    {
        var strategy = request.Strategy;
        CheckPlace(request, document);
        var metadata = document.Metadata();
        if (ObjectMetadata.Text(metadata["resourceVersion"]) is { Length: > 0 } version && version != "0")
        {
            throw new ApiStatusException(500, "", "resourceVersion should not be set on objects to be created");
        }

        var name = document.Name();
        NamespaceGate.Check(session, request, name.Length > 0 ? name : ObjectMetadata.Text(metadata["generateName"]));
        document.DedupOwners(request.Warnings);
        strategy.ApplyDefaults(document);
        if (!applied)
        {
            var empty = strategy.Decode("{}"u8).Document;
            new FieldManager(request.Kind, request.Options.FieldManager, "", ObjectMetadata.Rfc3339(request.Now)).Update(empty, document);
        }

        if (request.Kind is { Group: "", Kind: "Pod" })
        {
            PodGate.Admit(session, request, document);
        }

        Identify(session, request, document);
        strategy.PrepareForCreate(document);
        if (request.Kind is { Group: "", Kind: "Service" })
        {
            // Before it is judged: what is not there yet could not be, and the real server complains of taken addresses and ports first.
            services.Create(session, request, document);
        }

        if (strategy.Validate(document) is { Count: > 0 } errors)
        {
            throw StatusErrors.Invalid(request.Kind, document.Name(), errors);
        }

        var key = request.Key(document.Name());
        if (session.Get(key) is not null)
        {
            throw StatusErrors.AlreadyExists(request.Kind, document.Name());
        }

        request.Warnings.AddRange(strategy.Warnings(document, null));
        return request.Options.DryRun
            ? ObjectMetadata.Arranged(document, request.Kind.Kind, request.Kind.ApiVersion)
            : Documents.Put(session, request.Kind, key, document);
    }

    private static void CheckPlace(WriteRequest request, JsonObject document)
    {
        var ns = ObjectMetadata.Text(document.Metadata()["namespace"]);
        if (ns.Length > 0 && ns != request.StoredNamespace)
        {
            throw StatusErrors.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
        }

        if (request.Name.Length > 0 && document.Name().Length > 0 && document.Name() != request.Name)
        {
            throw StatusErrors.BadRequest($"the name of the object ({document.Name()}) does not match the name on the URL ({request.Name})");
        }
    }

    private static void Identify(WriteSession session, WriteRequest request, JsonObject document)
    {
        var metadata = document.Metadata();
        foreach (var field in (string[])["resourceVersion", "selfLink", "deletionTimestamp", "deletionGracePeriodSeconds", "generation"])
        {
            metadata.Remove(field);
        }

        if (request.Kind.Namespaced)
        {
            metadata["namespace"] = request.Namespace;
        }

        var prefix = ObjectMetadata.Text(metadata["generateName"]);
        for (var tries = 0; document.Name().Length == 0 && prefix.Length > 0 && tries < 8; tries++)
        {
            var candidate = ObjectMetadata.Generate(prefix);
            if (session.Get(request.Key(candidate)) is null)
            {
                metadata["name"] = candidate;
            }
        }

        metadata["uid"] = Guid.NewGuid().ToString("D", CultureInfo.InvariantCulture);
        metadata["creationTimestamp"] = ObjectMetadata.Rfc3339(request.Now);
        if (request.Strategy.HasGeneration)
        {
            metadata["generation"] = 1;
        }
    }
}
