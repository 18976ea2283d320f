using System.Text.Json.Nodes;
using Trunkline.ApiServer.Errors;
using Trunkline.ApiServer.Http;
using Trunkline.ApiServer.Kinds;
using Trunkline.ApiServer.Patching;
using Trunkline.ApiServer.Registry;
using Trunkline.ApiServer.Registry.Services;
using Trunkline.ApiServer.Storage;
using Trunkline.ApiServer.Watching;

namespace Trunkline.ApiServer.Hosting;

/// <summary>The verbs on stored objects.</summary>
internal sealed class ObjectHandlers(ObjectStore store, ServiceAllocator services, TimeProvider clock, CancellationToken stopping)
{
    // Kinds whose deletion answers with the object; others answer with a Status.
    private static readonly string[] ReturnsDeleted = ["pods", "services", "namespaces", "serviceaccounts"];

    private readonly Creator _creator = new(services);
    private readonly Updater _updater = new(services);
    private readonly ListReader _lists = new(store);
    private readonly Watcher _watcher = new(store, clock, stopping);

    private Patcher Patcher => new(_creator, _updater);

    public Task HandleAsync(ApiRequest request)
    {
        var verbs = request.Info.Subresource.Length == 0 ? request.Kind.Verbs : request.Kind.Subresource(request.Info.Subresource)?.Verbs ?? throw ApiRequest.NotFound();
        if (!verbs.Contains(request.Info.Verb) || (request.Info.Name.Length == 0 && request.Info.Verb is "update" or "patch" or "get")
            || (request.Info.Verb == "create" && request.Info.Name.Length > 0)
            || (request.Info.Verb is "create" or "deletecollection" && request.Kind.Namespaced && request.Info.Namespace.Length == 0))
        {
            throw StatusErrors.MethodNotAllowed();
        }

        return request.Info.Verb switch
        {
            "get" => GetAsync(request),
            "list" => ListAsync(request),
            "watch" => WatchAsync(request, request.Kind, _ => true),
            "create" => CreateAsync(request),
            "update" => UpdateAsync(request),
            "patch" => PatchAsync(request),
            "delete" => DeleteAsync(request),
            _ => DeleteCollectionAsync(request),
        };
    }

    public Task AnswerAsync(ApiRequest request, JsonObject document, Representation form, int code = 200)
    {
        JsonObject shown = form.Transform switch
        {
            "Table" => TableFormat.Table(
                request.Kind,
                form.TransformVersion,
                [document],
                new JsonObject { ["resourceVersion"] = document["metadata"]?["resourceVersion"]?.DeepClone() },
                request.Http.Request.Query["includeObject"].ToString(),
                clock.GetUtcNow()),
            "" => document,
            _ => TableFormat.Partial(document, form.TransformVersion),
        };
        return ResponseWriter.WriteAsync(request.Http, code, shown, form);
    }

    private Task GetAsync(ApiRequest request)
    {
        var form = request.Representation();
        var key = new ObjectKey(request.Kind.Storage, request.Kind.Namespaced ? request.Info.Namespace : "", request.Info.Name);
        var stored = store.State.Get(key) ?? throw StatusErrors.NotFound(request.Kind, request.Info.Name);
        return AnswerAsync(request, Documents.Read(request.Kind, stored), form);
    }

    private Task ListAsync(ApiRequest request)
    {
        var form = request.Representation();
        var query = ListQuery.Parse(request.Http.Request, request.Kind, watch: false);
        var page = _lists.Read(request.Kind, request.ListNamespace, query);
        var metadata = TableFormat.ListMetadata(page.Revision, page.Continue, page.Remaining);
        var include = request.Http.Request.Query["includeObject"].ToString();
        var documents = page.Items.Select(i => Documents.Read(request.Kind, i));
        var list = form.Transform switch
        {
            "Table" => TableFormat.Table(request.Kind, form.TransformVersion, documents, metadata, include, clock.GetUtcNow()),
            "" => ListOf(request, documents, metadata),
            _ => new JsonObject
            {
                ["kind"] = "PartialObjectMetadataList",
                ["apiVersion"] = "meta.k8s.io/" + form.TransformVersion,
                ["metadata"] = metadata,
                ["items"] = new JsonArray([.. documents.Select(d => (JsonNode)TableFormat.Partial(d, form.TransformVersion))]),
            },
        };
        return ResponseWriter.WriteAsync(request.Http, 200, list, form);
    }

    private static JsonObject ListOf(ApiRequest request, IEnumerable<JsonObject> documents, JsonObject metadata) => new()
    {
        ["kind"] = request.Kind.Kind + "List",
        ["apiVersion"] = request.Kind.ApiVersion,
        ["metadata"] = metadata,
        ["items"] = new JsonArray([.. documents.Select(d => (JsonNode)Item(request, d))]),
    };

    // Items of a typed list do not repeat their kind; custom resources do.
    private static JsonObject Item(ApiRequest request, JsonObject document)
    {
        if (!request.Kind.IsCustom)
        {
            document.Remove("kind");
            document.Remove("apiVersion");
        }

        return document;
    }

    /// <summary>Serves a watch; <paramref name="selected"/> is the kind whose field selectors are understood, <paramref name="visible"/> tells what this user may see.</summary>
    public Task WatchAsync(ApiRequest request, ResourceKind selected, Func<StoredObject, bool> visible)
    {
        var form = request.Representation();
        var query = ListQuery.Parse(request.Http.Request, selected, watch: true) with { Visible = visible };
        if (request.Info.Name.Length > 0)
        {
            query = query with { Fields = Selectors.FieldSelector.Parse("metadata.name=" + request.Info.Name, selected) };
        }

        _ = query.Revision;
        return _watcher.ServeAsync(request.Http, request.Kind, request.ListNamespace, query, form);
    }

    private async Task CreateAsync(ApiRequest request)
    {
        var form = request.Representation();
        var write = request.Write("CreateOptions");
        var document = ObjectDecoder.Decode(write, await RequestBody.ReadAsync(request.Http.Request));
        await PodGate.WaitAsync(store, write, document, clock, request.Http.RequestAborted);
        var created = await store.WriteAsync(session => _creator.Create(session, write, document));
        ResponseWriter.AddWarnings(request.Http, write.Warnings);
        await AnswerAsync(request, created, form, 201);
    }

    private async Task UpdateAsync(ApiRequest request)
    {
        var form = request.Representation();
        var write = request.Write("UpdateOptions");
        var document = ObjectDecoder.Decode(write, await RequestBody.ReadAsync(request.Http.Request));
        var updated = await store.WriteAsync(session => _updater.Update(session, write, document));
        ResponseWriter.AddWarnings(request.Http, write.Warnings);
        await AnswerAsync(request, updated, form);
    }

    private async Task PatchAsync(ApiRequest request)
    {
        var form = request.Representation();
        var type = RequestBody.MediaType(request.Http.Request);
        if (!Patcher.Accepts(request.Kind, type))
        {
            throw new ApiStatusException(415, "UnsupportedMediaType", "415: Unsupported Media Type", []);
        }

        var write = request.Write("PatchOptions");
        if (type != ParsedPatch.Apply && request.Http.Request.Query.ContainsKey("force"))
        {
            throw StatusErrors.Invalid("meta.k8s.io", "PatchOptions", "", [new("FieldValueForbidden", "Forbidden: may not be specified for non-apply patch", "force")]);
        }

        var patch = ParsedPatch.Parse(type, await RequestBody.ReadBytesAsync(request.Http.Request), write.Options.FieldValidation);
        if (patch.Type == ParsedPatch.Apply && store.State.Get(write.Key(write.Name)) is null)
        {
            await PodGate.WaitAsync(store, write, patch.Document, clock, request.Http.RequestAborted);
        }

        var (state, created) = await store.WriteAsync(session => Patcher.Patch(session, write, patch));
        ResponseWriter.AddWarnings(request.Http, write.Warnings);
        await AnswerAsync(request, state, form, created ? 201 : 200);
    }

    private async Task DeleteAsync(ApiRequest request)
    {
        var form = request.Representation();
        var options = await DeleteOptions.ReadAsync(request.Http.Request);
        var write = request.Write("DeleteOptions", options: WriteOptions.Default);
        var (state, gone) = await store.WriteAsync(session => Deleter.Delete(session, write, options));
        var shown = !gone || ReturnsDeleted.Contains(request.Kind.Plural) ? state : Success(request, state);
        await AnswerAsync(request, shown, form);
    }

    private async Task DeleteCollectionAsync(ApiRequest request)
    {
        var form = request.Representation();
        var query = ListQuery.Parse(request.Http.Request, request.Kind, watch: false);
        var options = await DeleteOptions.ReadAsync(request.Http.Request);
        var (items, revision) = await store.WriteAsync(session =>
        {
            var before = session.State;
            var deleted = before.List(request.Kind.Storage, request.ListNamespace).Where(query.Matches).ToList()
                .ConvertAll(o => Deleter.Delete(
                    session, request.Write("DeleteOptions", o.Key.Name, WriteOptions.Default) with { Namespace = o.Key.Namespace }, options).State);
            return (deleted, session.Revision);
        });
        await ResponseWriter.WriteAsync(request.Http, 200, ListOf(request, items, TableFormat.ListMetadata(revision, "", null)), form with { Transform = "" });
    }

    private static JsonObject Success(ApiRequest request, JsonObject deleted)
    {
        var details = new JsonObject { ["name"] = deleted.Name() };
        if (request.Kind.Group.Length > 0)
        {
            details["group"] = request.Kind.Group;
        }

        details["kind"] = request.Kind.Plural;
        details["uid"] = deleted.Metadata()["uid"]?.DeepClone();
        return new JsonObject { ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Success", ["details"] = details };
    }
}
