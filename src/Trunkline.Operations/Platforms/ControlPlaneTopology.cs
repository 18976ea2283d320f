namespace Trunkline.Operations.Platforms;

/// <summary>Where the control plane runs, and whether workloads run there too.</summary>
public enum ControlPlaneTopology
{
    /// <summary>No node was read.</summary>
    Unknown,

    /// <summary>Nodes of the control plane, and workers beside them.</summary>
    Separate,

    /// <summary>Several nodes of the control plane, all of them workers too.</summary>
    Compact,

    /// <summary>One node for everything: it is not drained before its reboot.</summary>
    SingleNode,

    /// <summary>The control plane is none of this cluster's nodes.</summary>
    Hosted,
}
