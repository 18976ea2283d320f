using System.Text.Json.Nodes;
using Trunkline.Operations.Cluster;
using Trunkline.Operations.MachineConfigs;
using Trunkline.Operations.Manifests;
using Trunkline.Operations.Objects;
using Trunkline.Operations.Platforms;

namespace Trunkline.Operations.Enable;

/// <summary>The plan for hosted control planes: nodes take their MachineConfigs from a NodePool of the management cluster, which this cluster's API does not reach. Pure.</summary>
internal static class HostedPlanner
{
    private const string NodePoolLabel = "hypershift.openshift.io/nodePool";
    private const string ConfigMapName = "load-sctp-module";

    public static ModulePlan Plan(ClusterObjects objects, ClusterPlatform platform, EnableOptions options)
    {
        var nodes = objects.Of(ResourceKinds.Node);
        var names = nodes.Select(node => node.Name).ToList();
        return new ModulePlan
        {
            Platform = platform,
            Method = ModuleMethod.NodePool,
            Off = options.Off,
            Creates = options.Off ? [] : [ConfigMap()],
            Nodes = names,
            Image = NodeImages.Choose(objects, platform, names, options.Image).Image,
            Instructions = [.. nodes.GroupBy(node => node.Label(NodePoolLabel) ?? "NODEPOOL").OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => Instruction(group.Key, [.. group.Select(node => node.Name)], options.Off))],
        };
    }

    private static PlatformInstruction Instruction(string pool, IReadOnlyList<string> nodes, bool off) => new($"NodePool {pool}, on the management cluster", nodes, off
        ?
        [
            $"oc -n NAMESPACE edit nodepool {pool}   # take {{\"name\": \"{ConfigMapName}\"}} out of spec.config",
            $"oc -n NAMESPACE delete configmap {ConfigMapName}",
            "Its nodes are replaced or rebooted one after the other; then run `trunkline disable` here again for the proof.",
        ]
        :
        [
            $"trunkline enable --dry-run -o yaml > {ConfigMapName}.yaml   # the ConfigMap, from this cluster",
            $"oc -n NAMESPACE apply -f {ConfigMapName}.yaml   # NAMESPACE is the NodePool's, on the management cluster",
            $"oc -n NAMESPACE patch nodepool {pool} --type json -p '[{{\"op\":\"add\",\"path\":\"/spec/config/-\",\"value\":{{\"name\":\"{ConfigMapName}\"}}}}]'   # or --type merge -p '{{\"spec\":{{\"config\":[{{\"name\":\"{ConfigMapName}\"}}]}}}}' where it has no spec.config",
            "Its nodes are replaced or rebooted one after the other; then run `trunkline enable` here again for the proof.",
        ]);

    private static JsonObject ConfigMap() => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "ConfigMap",
        ["metadata"] = new JsonObject { ["name"] = ConfigMapName },
        ["data"] = new JsonObject { ["config"] = ManifestWriter.Write(SctpMachineConfig.For("worker")) },
    };
}
