using System.Text.Json.Nodes;
using k8s.Models;
using Trunkline.Controllers.MachineConfigs.Models;
using Trunkline.Controllers.MachineConfigs.Rendering;

namespace Trunkline.Controllers.MachineConfigs.Pools;

/// <summary>The pools and base configs that every OpenShift cluster has.</summary>
internal static class BuiltInPools
{
    public static IReadOnlyList<string> Roles { get; } = ["master", "worker"];

    public static MachineConfigPool Pool(string role)
    {
        var labels = new Dictionary<string, string>
        {
            ["machineconfiguration.openshift.io/mco-built-in"] = "",
            [$"pools.operator.machineconfiguration.openshift.io/{role}"] = "",
        };
        if (role == "master")
        {
            labels["operator.machineconfiguration.openshift.io/required-for-upgrade"] = "";
        }

        return new MachineConfigPool
        {
            Metadata = new V1ObjectMeta { Name = role, Labels = labels },
            Spec = new MachineConfigPoolSpec
            {
                MachineConfigSelector = Selector(MachineConfigNames.Role, role),
                NodeSelector = Selector($"node-role.kubernetes.io/{role}", ""),
                Paused = false,
            },
        };
    }

    /// <summary>A real base config carries the operating system's files; a lab node has its own from the start, so this one adds none.</summary>
    public static MachineConfig BaseConfig(string role) => new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = $"00-{role}",
            Labels = new Dictionary<string, string> { [MachineConfigNames.Role] = role },
            Annotations = new Dictionary<string, string> { [MachineConfigNames.GeneratedBy] = RenderReconciler.Version },
        },
        Spec = new MachineConfigSpec { Config = new JsonObject { ["ignition"] = new JsonObject { ["version"] = "3.2.0" } } },
    };

    private static V1LabelSelector Selector(string key, string value) => new() { MatchLabels = new Dictionary<string, string> { [key] = value } };
}
