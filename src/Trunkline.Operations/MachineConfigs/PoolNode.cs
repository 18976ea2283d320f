using Trunkline.Operations.Cluster;
using Trunkline.Operations.Objects;

namespace Trunkline.Operations.MachineConfigs;

/// <summary>What a node and its machine config daemon say. A view of the object; pure.</summary>
/// <param name="Node">The Node.</param>
public sealed record PoolNode(ClusterObject Node)
{
    private const string Prefix = "machineconfiguration.openshift.io/";

    /// <summary>The node's name.</summary>
    public string Name => Node.Name;

    /// <summary>The rendered configuration it has.</summary>
    public string? Current => Node.Annotation($"{Prefix}currentConfig");

    /// <summary>The rendered configuration it is to have.</summary>
    public string? Desired => Node.Annotation($"{Prefix}desiredConfig");

    /// <summary>The daemon's state: Done, Working, Degraded, Unreconcilable.</summary>
    public string? State => Node.Annotation($"{Prefix}state");

    /// <summary>Why the daemon is degraded.</summary>
    public string? Reason => Node.Annotation($"{Prefix}reason") is { Length: > 0 } reason ? reason : null;

    /// <summary>Whether its kubelet is Ready.</summary>
    public bool Ready => Node.Status.Field("conditions").Objects().Any(condition => condition["type"].AsText() == "Ready" && condition["status"].AsText() == "True");

    /// <summary>Whether it is cordoned.</summary>
    public bool Cordoned => Node.Spec.Field("unschedulable").IsTrue();

    /// <summary>Whether it has a configuration and takes work: what "updated and ready" means to its pool.</summary>
    public bool Has(string? target) => target is not null && Current == target && Desired == target && State == "Done" && Ready && !Cordoned;
}
