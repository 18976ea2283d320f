using System.Globalization;
using System.Text.Json.Nodes;
using Trunkline.ApiServer.Errors;
using Trunkline.ApiServer.Http;
using Trunkline.ApiServer.Kinds;
using Trunkline.ApiServer.Patching;
using Trunkline.ApiServer.Registry;
using Trunkline.ApiServer.Registry.Services;
using Trunkline.ApiServer.Storage;
using Trunkline.ApiServer.Validation.Fields;

namespace Trunkline.ApiServer.Hosting;

/// <summary>The subresource scale of workloads: their replicas as an autoscaling/v1 Scale.</summary>
internal sealed class ScaleHandlers(ObjectStore store, ServiceAllocator services)
{
    private static readonly ResourceKind Scales = new("autoscaling", "v1", "Scale", "scales", true) { Model = typeof(k8s.Models.V1Scale), Stored = false };
    private readonly Updater _updater = new(services);

    public Task HandleAsync(ApiRequest request) => request.Info.Verb switch
    {
        "get" => GetAsync(request),
        "update" => UpdateAsync(request),
        "patch" => PatchAsync(request),
        _ => throw StatusErrors.MethodNotAllowed(),
    };

    private Task GetAsync(ApiRequest request)
    {
        var stored = store.State.Get(request.Write("GetOptions", options: WriteOptions.Default).Key(request.Info.Name)) ?? throw StatusErrors.NotFound(request.Kind, request.Info.Name);
        return AnswerAsync(request, ScaleOf(stored.Parse()));
    }

    private async Task UpdateAsync(ApiRequest request)
    {
        var write = request.Write("UpdateOptions");
        var asked = ObjectDecoder.Decode(write with { Kind = Scales }, await RequestBody.ReadAsync(request.Http.Request));
        if (asked.Name().Length > 0 && asked.Name() != request.Info.Name)
        {
            throw StatusErrors.BadRequest($"the name of the object ({asked.Name()}) does not match the name on the URL ({request.Info.Name})");
        }

        await AnswerAsync(request, await store.WriteAsync(session => Set(session, write, Updater.Find(session, write), asked)), write);
    }

    private async Task PatchAsync(ApiRequest request)
    {
        var type = RequestBody.MediaType(request.Http.Request);
        if (type == ParsedPatch.Apply || !Patcher.Accepts(Scales, type))
        {
            throw new ApiStatusException(415, "UnsupportedMediaType", "415: Unsupported Media Type", []);
        }

        var write = request.Write("PatchOptions");
        var patch = ParsedPatch.Parse(type, await RequestBody.ReadBytesAsync(request.Http.Request), write.Options.FieldValidation);
        var scale = await store.WriteAsync(session =>
        {
            var stored = Updater.Find(session, write);
            return Set(session, write, stored, Patcher.Decode(write with { Kind = Scales }, Patcher.Patched(Scales, ScaleOf(stored.Parse()), patch), patch));
        });
        await AnswerAsync(request, scale, write);
    }

    private JsonObject Set(WriteSession session, WriteRequest write, StoredObject stored, JsonObject scale)
    {
        var replicas = scale.Obj("spec").Int("replicas") ?? 0;
        if (replicas < 0)
        {
            throw StatusErrors.Invalid(Scales, write.Name, [new FieldError("FieldValueInvalid", $"Invalid value: {replicas}: must be greater than or equal to 0", "spec.replicas")]);
        }

        var document = stored.Parse();
        var version = scale.Obj("metadata").Text("resourceVersion");
        document.Metadata()["resourceVersion"] = version.Length > 0 ? version : stored.Revision.ToString(CultureInfo.InvariantCulture);
        document.Child("spec")["replicas"] = JsonNode.Parse(replicas.ToString(CultureInfo.InvariantCulture));
        return ScaleOf(_updater.Replace(session, write, stored, document, null));
    }

    private static Task AnswerAsync(ApiRequest request, JsonObject scale, WriteRequest? write = null)
    {
        ResponseWriter.AddWarnings(request.Http, write?.Warnings ?? []);
        return ResponseWriter.WriteAsync(request.Http, 200, scale, request.Representation() with { Transform = "" });
    }

    private static JsonObject ScaleOf(JsonObject workload)
    {
        var metadata = new JsonObject();
        foreach (var field in (string[])["name", "namespace", "uid", "resourceVersion", "creationTimestamp"])
        {
            metadata[field] = workload.Metadata()[field]?.DeepClone();
        }

        var spec = new JsonObject();
        if (workload.Obj("spec").Int("replicas") is { } wanted and not 0)
        {
            spec["replicas"] = wanted;
        }

        var status = new JsonObject { ["replicas"] = workload.Obj("status").Int("replicas") ?? 0 };
        if (Tables.Print.Selector(workload.Obj("spec").Obj("selector")) is { Length: > 0 } selector)
        {
            status["selector"] = selector;
        }

        return new JsonObject { ["kind"] = "Scale", ["apiVersion"] = "autoscaling/v1", ["metadata"] = metadata, ["spec"] = spec, ["status"] = status };
    }
}
