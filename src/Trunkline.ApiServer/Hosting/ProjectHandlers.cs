using System.Text.Json.Nodes;
using Trunkline.ApiServer.Errors;
using Trunkline.ApiServer.Http;
using Trunkline.ApiServer.Kinds;
using Trunkline.ApiServer.Patching;
using Trunkline.ApiServer.Registry;
using Trunkline.ApiServer.Registry.Services;
using Trunkline.ApiServer.Security;
using Trunkline.ApiServer.Storage;

namespace Trunkline.ApiServer.Hosting;

/// <summary>OpenShift's Projects, which are namespaces seen by their users, and its users.</summary>
internal sealed class ProjectHandlers(ObjectStore store, ServiceAllocator services, ObjectHandlers objects, Authorizer authorizer)
{
    private static readonly ResourceKind Namespaces = KindCatalog.Find("", "v1", "namespaces")!;
    private readonly Creator _creator = new(services);
    private readonly ProjectWriter _changes = new(services);

    public static bool Serves(ApiRequest request) => request.Kind.Group is "project.openshift.io" or "user.openshift.io";

    public Task HandleAsync(ApiRequest request) => (request.Kind.Plural, request.Info.Verb) switch
    {
        ("projectrequests", "list") => SuccessAsync(request),
        ("projectrequests", "create") => RequestAsync(request),
        ("projects", "get") => GetAsync(request),
        ("projects", "list") => ListAsync(request),
        ("projects", "create") => CreateAsync(request),
        ("projects", "update") => UpdateAsync(request),
        ("projects", "patch") => PatchAsync(request),
        ("projects", "watch") => objects.WatchAsync(request, Namespaces, o => Sees(request.User, o.Key.Name)),
        ("projects", "delete") => DeleteAsync(request),
        ("users", "get") => UserAsync(request),
        _ => throw StatusErrors.MethodNotAllowed(),
    };

    private static Task SuccessAsync(ApiRequest request) => ResponseWriter.WriteAsync(
        request.Http,
        200,
        new JsonObject { ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Success" },
        request.Representation() with { Transform = "" });

    private async Task RequestAsync(ApiRequest request)
    {
        var form = request.Representation();
        var write = request.Write("CreateOptions");
        var asked = ObjectDecoder.Decode(write, await RequestBody.ReadAsync(request.Http.Request));
        if (request.Kind is var kind && write.Strategy.Validate(asked) is { Count: > 0 } errors)
        {
            throw StatusErrors.Invalid(kind, asked.Name(), errors);
        }

        var annotations = new JsonObject
        {
            ["openshift.io/description"] = ObjectMetadata.Text(asked["description"]),
            ["openshift.io/display-name"] = ObjectMetadata.Text(asked["displayName"]),
            ["openshift.io/requester"] = request.User.Name,
        };
        await MakeAsync(request, write, asked.Name(), annotations, form);
    }

    private async Task CreateAsync(ApiRequest request)
    {
        var form = request.Representation();
        var write = request.Write("CreateOptions");
        var asked = ObjectDecoder.Decode(write, await RequestBody.ReadAsync(request.Http.Request));
        await MakeAsync(request, write, asked.Name(), asked.Metadata()["annotations"]?.DeepClone() as JsonObject ?? [], form);
    }

    private async Task MakeAsync(ApiRequest request, WriteRequest write, string name, JsonObject annotations, Representation form)
    {
        if (store.State.Get(new ObjectKey("namespaces", "", name)) is not null)
        {
            throw StatusErrors.AlreadyExists(KindCatalog.Find("project.openshift.io", "v1", "projects")! with { Kind = "Project" }, name);
        }

        var metadata = new JsonObject { ["name"] = name, ["annotations"] = annotations };
        var document = Kinds.Strategies.StrategyCatalog.For(Namespaces).Decode(GoJson.ToBytes(new JsonObject { ["metadata"] = metadata })).Document;
        var inner = write with { Kind = Namespaces, Namespace = "", Name = "" };
        var created = await store.WriteAsync(session => _creator.Create(session, inner, document));
        ResponseWriter.AddWarnings(request.Http, write.Warnings);
        await ResponseWriter.WriteAsync(request.Http, 201, Documents.Project(created), form with { Transform = "" });
    }

    private Task GetAsync(ApiRequest request)
    {
        var projects = KindCatalog.Find("project.openshift.io", "v1", "projects")!;
        var stored = store.State.Get(new ObjectKey("namespaces", "", request.Info.Name));
        if (stored is null || !Sees(request.User, request.Info.Name))
        {
            throw StatusErrors.NotFound(projects, request.Info.Name);
        }

        return objects.AnswerAsync(request, Documents.Project(stored.Parse()), request.Representation());
    }

    private Task ListAsync(ApiRequest request)
    {
        var form = request.Representation();
        var query = ListQuery.Parse(request.Http.Request, Namespaces, watch: false);
        var state = store.State;
        var found = state.List("namespaces", null).Where(n => query.Matches(n) && Sees(request.User, n.Key.Name)).Select(n => Documents.Project(n.Parse())).ToList();
        var metadata = TableFormat.ListMetadata(state.Revision, "", null);
        var list = form.Transform == "Table"
            ? TableFormat.Table(request.Kind, form.TransformVersion, found, metadata, request.Http.Request.Query["includeObject"].ToString(), request.Now)
            : new JsonObject { ["kind"] = "ProjectList", ["apiVersion"] = request.Kind.ApiVersion, ["metadata"] = metadata, ["items"] = new JsonArray([.. found]) };
        return ResponseWriter.WriteAsync(request.Http, 200, list, form);
    }

    private async Task UpdateAsync(ApiRequest request)
    {
        var form = request.Representation();
        var write = request.Write("UpdateOptions");
        var document = ObjectDecoder.Decode(write, await RequestBody.ReadAsync(request.Http.Request));
        if (document.Name() != request.Info.Name)
        {
            throw StatusErrors.BadRequest($"the name of the object ({document.Name()}) does not match the name on the URL ({request.Info.Name})");
        }

        await AnswerAsync(request, form, write, session => _changes.Change(session, write, Stored(session, request), document));
    }

    private async Task PatchAsync(ApiRequest request)
    {
        var form = request.Representation();
        var type = RequestBody.MediaType(request.Http.Request);
        if (type == ParsedPatch.Apply || !Patcher.Accepts(request.Kind, type))
        {
            throw new ApiStatusException(415, "UnsupportedMediaType", "415: Unsupported Media Type", []);
        }

        var write = request.Write("PatchOptions");
        var patch = ParsedPatch.Parse(type, await RequestBody.ReadBytesAsync(request.Http.Request), write.Options.FieldValidation);
        await AnswerAsync(request, form, write, session =>
        {
            var stored = Stored(session, request);
            return _changes.Change(session, write, stored, Patcher.Decode(write, Patcher.Patched(request.Kind, Documents.Project(stored.Parse()), patch), patch));
        });
    }

    private async Task AnswerAsync(ApiRequest request, Representation form, WriteRequest write, Func<WriteSession, JsonObject> change)
    {
        var changed = await store.WriteAsync(change);
        ResponseWriter.AddWarnings(request.Http, write.Warnings);
        await objects.AnswerAsync(request, Documents.Project(changed), form);
    }

    private static StoredObject Stored(WriteSession session, ApiRequest request) =>
        session.Get(new ObjectKey("namespaces", "", request.Info.Name)) ?? throw StatusErrors.NotFound(request.Kind, request.Info.Name);

    private async Task DeleteAsync(ApiRequest request)
    {
        var options = await DeleteOptions.ReadAsync(request.Http.Request);
        var write = request.Write("DeleteOptions", options: WriteOptions.Default) with { Kind = Namespaces, Namespace = "" };
        await store.WriteAsync(session => Deleter.Delete(session, write, options));
        await SuccessAsync(request);
    }

    private static Task UserAsync(ApiRequest request)
    {
        var name = request.Info.Name == "~" ? request.User.Name : request.Info.Name;
        if (name != request.User.Name)
        {
            throw StatusErrors.NotFound(request.Kind, name);
        }

        var user = new JsonObject
        {
            ["kind"] = "User",
            ["apiVersion"] = request.Kind.ApiVersion,
            ["metadata"] = new JsonObject { ["name"] = name, ["creationTimestamp"] = null },
            ["identities"] = null,
            ["groups"] = new JsonArray([.. request.User.Groups.Select(g => (JsonNode)g)]),
        };
        return ResponseWriter.WriteAsync(request.Http, 200, user, request.Representation() with { Transform = "" });
    }

    private bool Sees(UserInfo user, string ns) => authorizer.Allows(user, new AccessRequest("get", "", "namespaces", "", ns, ns));
}
