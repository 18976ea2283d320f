using System.Text.Json.Nodes;
using Trunkline.ApiServer.Validation.Fields;
using Trunkline.ApiServer.Validation.Names;
using Trunkline.ApiServer.Validation.Selectors;
using Trunkline.ApiServer.Validation.Workloads;

namespace Trunkline.ApiServer.Validation.MachineConfigs;

/// <summary>What OpenShift refuses when it is written; what is wrong inside an Ignition config otherwise shows later, as a pool's RenderDegraded.</summary>
internal static class MachineConfigRules
{
    private static readonly string[] KernelTypes = ["", "default", "realtime", "64k-pages"];

    public static void Config(FieldErrors errors, JsonObject config)
    {
        var spec = config.Obj("spec");
        if (spec.Text("kernelType") is var type && !KernelTypes.Contains(type))
        {
            errors.NotSupported("spec.kernelType", type, KernelTypes);
        }

        var files = spec.Obj("config").Obj("storage").Objects("files").ToList();
        for (var i = 0; i < files.Count; i++)
        {
            // A file that is appended to could never be compared with what was asked for.
            if (files[i].List("append").Count > 0)
            {
                errors.Forbidden($"spec.config.storage.files[{i}].append", "appending to files is not supported by MachineConfigs");
            }
        }
    }

    public static void Pool(FieldErrors errors, JsonObject pool)
    {
        var spec = pool.Obj("spec");
        errors.LabelSelector("spec.machineConfigSelector", spec.Obj("machineConfigSelector"));
        errors.LabelSelector("spec.nodeSelector", spec.Obj("nodeSelector"));
        if (spec.Has("maxUnavailable"))
        {
            IntOrPercent.Validate(errors, "spec.maxUnavailable", spec!["maxUnavailable"]);
        }
    }

    /// <summary>Projects' names: a little longer than one letter, and none of those that would shadow the API's own words (project/validation).</summary>
    public static void ProjectRequest(FieldErrors errors, JsonObject request)
    {
        var name = request.Obj("metadata").Text("name");
        if (name.Length is > 0 and < 2)
        {
            errors.Invalid("metadata.name", name, "must be at least 2 characters long");
        }
        else if (NameRules.Dns1123Label(name).Any())
        {
            return;
        }

        if (request.Text("displayName").AsSpan().IndexOfAny('\n', '\t', '\r') >= 0)
        {
            errors.Invalid("displayName", request.Text("displayName"), "may not contain a new line or tab");
        }
    }
}
