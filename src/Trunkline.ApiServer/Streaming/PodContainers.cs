using System.Text.Json.Nodes;
using Trunkline.ApiServer.Errors;
using Trunkline.ApiServer.Registry;

namespace Trunkline.ApiServer.Streaming;

/// <summary>Which container of a Pod a request means (registry/core/pod strategy.go, LogLocation and streamLocation).</summary>
internal static class PodContainers
{
    public static string Choose(JsonObject pod, string asked)
    {
        var spec = pod["spec"];
        var containers = Names(spec?["containers"]);
        var initial = Names(spec?["initContainers"]);
        var ephemeral = Names(spec?["ephemeralContainers"]);
        var name = pod.Name();
        if (asked.Length > 0)
        {
            return containers.Concat(initial).Concat(ephemeral).Contains(asked) ? asked : throw StatusErrors.BadRequest($"container {asked} is not valid for pod {name}");
        }

        return containers switch
        {
            [var only] => only,
            [] => throw StatusErrors.BadRequest($"a container name must be specified for pod {name}"),
            _ when Default(pod) is { } preferred && containers.Contains(preferred) => preferred,
            _ => throw StatusErrors.BadRequest(
                $"a container name must be specified for pod {name}, choose one of: [{string.Join(' ', containers)}]"
                + (initial.Count > 0 ? $" or one of the init containers: [{string.Join(' ', initial)}]" : "")),
        };
    }

    private static string? Default(JsonObject pod) => (string?)pod["metadata"]?["annotations"]?["kubectl.kubernetes.io/default-container"];

    private static List<string> Names(JsonNode? containers) => (containers as JsonArray ?? []).Select(c => ObjectMetadata.Text(c?["name"])).ToList();
}
