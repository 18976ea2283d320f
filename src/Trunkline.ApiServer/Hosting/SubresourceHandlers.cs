using System.Text.Json.Nodes;
using Trunkline.ApiServer.Errors;
using Trunkline.ApiServer.Http;
using Trunkline.ApiServer.Kinds;
using Trunkline.ApiServer.Registry;
using Trunkline.ApiServer.Security;
using Trunkline.ApiServer.Storage;
using Trunkline.ApiServer.Streaming;

namespace Trunkline.ApiServer.Hosting;

/// <summary>Subresources that are requests rather than parts of an object: binding, eviction, token, log, exec, attach.</summary>
internal sealed class SubresourceHandlers(ObjectStore store, TokenIssuer tokens, NodeProxy nodes)
{
    /// <summary>The handler of a subresource, or null where the generic verbs serve it.</summary>
    public Func<ApiRequest, Task>? Find(ApiRequest request) => (request.Kind.Plural, request.Info.Subresource) switch
    {
        ("pods", "binding") => BindAsync,
        ("bindings", "") => BindAsync,
        ("pods", "eviction") => EvictAsync,
        ("serviceaccounts", "token") => TokenAsync,
        ("pods", "log") => r => nodes.LogAsync(r.Http, PodOf(r)),
        ("pods", "exec") => r => nodes.StreamAsync(r.Http, PodOf(r), "exec"),
        ("pods", "attach") => r => nodes.StreamAsync(r.Http, PodOf(r), "attach"),
        _ => null,
    };

    private JsonObject PodOf(ApiRequest request) =>
        store.State.Get(new ObjectKey("pods", request.Info.Namespace, request.Info.Name))?.Parse() ?? throw StatusErrors.NotFound(request.Kind, request.Info.Name);

    private async Task BindAsync(ApiRequest request)
    {
        Only(request, "create");
        var binding = (await RequestBody.ReadAsync(request.Http.Request)).ToObject("Binding");
        var pods = KindCatalog.Find("", "v1", "pods")!;
        var name = request.Info.Name.Length > 0 ? request.Info.Name : ObjectMetadata.Text(binding["metadata"]?["name"]);
        var write = request.Write("CreateOptions", name) with { Kind = pods };
        await store.WriteAsync(session =>
        {
            Binder.Bind(session, write, binding);
            return true;
        });
        await SuccessAsync(request);
    }

    private async Task EvictAsync(ApiRequest request)
    {
        Only(request, "create");
        var eviction = (await RequestBody.ReadAsync(request.Http.Request)).ToObject("Eviction");
        if (ObjectMetadata.Text(eviction["metadata"]?["name"]) is { Length: > 0 } name && name != request.Info.Name)
        {
            throw StatusErrors.BadRequest("name in URL does not match name in Eviction object");
        }

        var options = DeleteOptions.Of(eviction["deleteOptions"] as JsonObject, request.Http.Request.Query);
        var write = request.Write("CreateOptions") with { Subresource = "" };
        await store.WriteAsync(session =>
        {
            Evictor.Evict(session, write, options);
            return true;
        });
        await SuccessAsync(request);
    }

    private async Task TokenAsync(ApiRequest request)
    {
        Only(request, "create");
        var body = (await RequestBody.ReadAsync(request.Http.Request)).ToObject("TokenRequest");
        var account = store.State.Get(new ObjectKey("serviceaccounts", request.Info.Namespace, request.Info.Name)) ?? throw StatusErrors.NotFound(request.Kind, request.Info.Name);
        var spec = body["spec"] as JsonObject ?? [];
        var seconds = spec["expirationSeconds"] is JsonValue value && value.TryGetValue<long>(out var asked) ? asked : 3600;
        if (seconds < 600)
        {
            throw StatusErrors.Invalid("authentication.k8s.io", "TokenRequest", "", [new("FieldValueInvalid", $"Invalid value: {seconds}: may not specify a duration less than 10 minutes", "spec.expirationSeconds")]);
        }

        var audiences = (spec["audiences"] as JsonArray ?? []).Select(ObjectMetadata.Text).Where(a => a.Length > 0).ToList();
        var (token, expires) = tokens.Issue(
            request.Info.Namespace, request.Info.Name, account.Uid, TimeSpan.FromSeconds(Math.Min(seconds, 365L * 86400)), audiences, spec["boundObjectRef"] as JsonObject);
        body["kind"] = "TokenRequest";
        body["apiVersion"] = "authentication.k8s.io/v1";
        body["metadata"] = new JsonObject { ["name"] = request.Info.Name, ["namespace"] = request.Info.Namespace, ["creationTimestamp"] = ObjectMetadata.Rfc3339(request.Now) };
        spec = (JsonObject)spec.DeepClone();
        spec["expirationSeconds"] = seconds;
        body["spec"] = spec;
        body["status"] = new JsonObject { ["token"] = token, ["expirationTimestamp"] = ObjectMetadata.Rfc3339(expires) };
        await ResponseWriter.WriteAsync(request.Http, 201, body, request.Representation());
    }

    private static void Only(ApiRequest request, string verb)
    {
        if (request.Info.Verb != verb)
        {
            throw StatusErrors.MethodNotAllowed();
        }
    }

    private static Task SuccessAsync(ApiRequest request) => ResponseWriter.WriteAsync(
        request.Http,
        201,
        new JsonObject { ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Success", ["code"] = 201 },
        request.Representation() with { Transform = "" });
}
