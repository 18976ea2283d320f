using System.Text.Json.Nodes;
using Trunkline.Operations.Cluster;
using Trunkline.Operations.Objects;
using Trunkline.Policy.Model;

namespace Trunkline.Operations.Doctor.View;

/// <summary>A MachineConfigPool with its nodes and what of SCTP it is to have.</summary>
internal sealed class PoolView(ClusterObject source, IReadOnlyList<ClusterObject> nodes, IReadOnlyList<SctpMachineConfig> configs)
{
    public ClusterObject Source { get; } = source;

    public string Title => Source.Title;

    public string Name => Source.Name;

    public IReadOnlyList<ClusterObject> Nodes { get; } = nodes;

    /// <summary>The MachineConfigs about SCTP that it selects.</summary>
    public IReadOnlyList<SctpMachineConfig> Configs { get; } = configs;

    public bool Paused => Source.Spec.Field("paused").IsTrue();

    /// <summary>Whether its MachineConfigs together load SCTP at boot and free it of the blacklist.</summary>
    public bool SwitchesOn => Configs.Any(config => config.Loads) && Configs.Any(config => config.Frees);

    /// <summary>Whether the configuration that all of its nodes have has this MachineConfig in it.</summary>
    public bool IsInForce(SctpMachineConfig config) => Sources(Source.Status).Contains(config.Source.Name);

    public JsonObject? Condition(string type) => Source.Status.Field("conditions").Objects().FirstOrDefault(condition => condition["type"].AsText() == type);

    public bool Is(string type) => Condition(type)?["status"].AsText() == "True";

    public long Count(string field) => Source.Status.Field(field).AsNumber() ?? 0;

    /// <summary>Nodes whose current configuration is not the one the pool wants, or that are not done.</summary>
    public IEnumerable<ClusterObject> Behind => Nodes.Where(node => node.Annotation("machineconfiguration.openshift.io/currentConfig") is { } current
        && (current != Source.Spec.Field("configuration").Field("name").AsText() || node.Annotation("machineconfiguration.openshift.io/state") is not ("Done" or null)));

    /// <summary>One line a node that is behind.</summary>
    public IEnumerable<string> BehindLines => Behind.Select(node =>
        $"Node {node.Name}: {node.Annotation("machineconfiguration.openshift.io/state")}, has {node.Annotation("machineconfiguration.openshift.io/currentConfig")}, is to have {node.Annotation("machineconfiguration.openshift.io/desiredConfig")}"
        + (node.Annotation("machineconfiguration.openshift.io/reason") is { Length: > 0 } reason ? $" ({reason})" : ""));

    internal static LabelSelector? NodeSelector(ClusterObject pool) => Selectors.Read(pool.Spec.Field("nodeSelector"));

    private static IEnumerable<string> Sources(JsonObject? holder) => holder.Field("configuration").Field("source").Objects().Select(item => item["name"].AsText()).OfType<string>();
}
