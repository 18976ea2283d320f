using System.Text.Json.Nodes;
using Trunkline.ApiServer.Errors;
using Trunkline.ApiServer.Storage;
using Trunkline.ApiServer.Validation.Fields;

namespace Trunkline.ApiServer.Registry;

/// <summary>pods/binding: the scheduler's decision.</summary>
internal static class Binder
{
    public static void Bind(WriteSession session, WriteRequest request, JsonObject binding)
    {
        var stored = Updater.Find(session, request);
        var pod = stored.Parse();
        var node = ObjectMetadata.Text(binding["target"]?["name"]);
        if (node.Length == 0)
        {
            throw StatusErrors.Invalid("", "Binding", request.Name, [new FieldError("FieldValueRequired", "Required value", "target.name")]);
        }

        if (pod.IsDeleting())
        {
            throw Refused(request, $"pod {request.Name} is being deleted, cannot be assigned to a host");
        }

        if (ObjectMetadata.Text(pod["spec"]?["nodeName"]) is { Length: > 0 } taken)
        {
            throw Refused(request, $"pod {request.Name} is already assigned to node \"{taken}\"");
        }

        ((JsonObject)pod["spec"]!)["nodeName"] = node;
        SetScheduled(pod, request);
        if (!request.Options.DryRun)
        {
            session.Put(stored.Key, ObjectMetadata.Arranged(pod, "Pod", "v1"));
        }
    }

    private static void SetScheduled(JsonObject pod, WriteRequest request)
    {
        var status = pod["status"] as JsonObject ?? [];
        pod["status"] = status;
        var others = (status["conditions"] as JsonArray ?? []).Where(c => ObjectMetadata.Text(c?["type"]) != "PodScheduled").Select(c => c?.DeepClone());
        status["conditions"] = new JsonArray([.. others, new JsonObject
        {
            ["type"] = "PodScheduled",
            ["status"] = "True",
            ["lastProbeTime"] = null,
            ["lastTransitionTime"] = ObjectMetadata.Rfc3339(request.Now),
        }]);
    }

    private static ApiStatusException Refused(WriteRequest request, string why) => new(
        409,
        "Conflict",
        $"Operation cannot be fulfilled on pods/binding \"{request.Name}\": {why}",
        new JsonObject { ["name"] = request.Name, ["kind"] = "pods/binding" });
}
