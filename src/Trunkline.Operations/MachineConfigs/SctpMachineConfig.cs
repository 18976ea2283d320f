using System.Text.Json.Nodes;
using Trunkline.Operations.Cluster;

namespace Trunkline.Operations.MachineConfigs;

/// <summary>The MachineConfig that switches SCTP on for a role.</summary>
public static class SctpMachineConfig
{
    /// <summary>Its name: the operator merges by name, and 99 is behind the system's own.</summary>
    public static string NameFor(string role) => $"99-{role}-load-sctp-module";

    /// <summary>Makes it. Modes are decimal: 420 is 0644, which YAML 1.2 readers would take for decimal 644.</summary>
    /// <param name="role">The role, which is its name's and label's.</param>
    /// <param name="labels">What a custom pool's selector wants besides or instead of the role's label.</param>
    public static JsonObject For(string role, IReadOnlyDictionary<string, string>? labels = null)
    {
        var wanted = labels ?? new Dictionary<string, string>(StringComparer.Ordinal) { [PoolMap.RoleLabel] = role };
        return new JsonObject
        {
            ["apiVersion"] = ResourceKinds.MachineConfig.ApiVersion,
            ["kind"] = ResourceKinds.MachineConfig.Name,
            ["metadata"] = new JsonObject
            {
                ["name"] = NameFor(role),
                ["labels"] = new JsonObject(wanted.Append(new("app.kubernetes.io/managed-by", "trunkline")).Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value))),
            },
            ["spec"] = new JsonObject
            {
                ["config"] = new JsonObject
                {
                    ["ignition"] = new JsonObject { ["version"] = "3.2.0" },
                    ["storage"] = new JsonObject { ["files"] = new JsonArray(File(ModuleFiles.Blacklist, "data:,"), File(ModuleFiles.Load, "data:,sctp%0A")) },
                },
            },
        };
    }

    private static JsonObject File(string path, string source) => new()
    {
        ["path"] = path,
        ["mode"] = 420,
        ["overwrite"] = true,
        ["contents"] = new JsonObject { ["source"] = source },
    };
}
