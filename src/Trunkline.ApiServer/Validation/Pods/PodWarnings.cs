using System.Text.Json.Nodes;
using Trunkline.ApiServer.Validation.Fields;

namespace Trunkline.ApiServer.Validation.Pods;

/// <summary>What the server accepts and yet warns of (core/pod/warnings.go).</summary>
internal static class PodWarnings
{
    public static IReadOnlyList<string> Of(JsonObject pod)
    {
        var warnings = new List<string>();
        var spec = pod.Obj("spec");
        if (spec.Int("terminationGracePeriodSeconds") < 0)
        {
            warnings.Add("spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1");
        }

        foreach (var list in (string[])["initContainers", "containers"])
        {
            var i = 0;
            foreach (var container in spec.Objects(list))
            {
                Ports(warnings, $"spec.{list}[{i}]", container);
                Environment(warnings, $"spec.{list}[{i}]", container);
                i++;
            }
        }

        return warnings;
    }

    private static void Ports(List<string> warnings, string path, JsonObject container)
    {
        var first = new Dictionary<(long?, string), int>();
        var i = 0;
        foreach (var port in container.Objects("ports"))
        {
            var key = (port.Int("containerPort"), port.Text("protocol"));
            if (!first.TryAdd(key, i))
            {
                warnings.Add($"{path}.ports[{i}]: duplicate port definition with {path}.ports[{first[key]}]");
            }

            i++;
        }
    }

    private static void Environment(List<string> warnings, string path, JsonObject container)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var i = 0;
        foreach (var variable in container.Objects("env"))
        {
            if (!seen.Add(variable.Text("name")))
            {
                warnings.Add($"{path}.env[{i}]: hides previous definition of \"{variable.Text("name")}\", which may be dropped when using apply");
            }

            i++;
        }
    }
}
