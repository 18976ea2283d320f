using Trunkline.Operations.Objects;

namespace Trunkline.Operations.Platforms;

/// <summary>What a cluster is, and how one knows.</summary>
/// <param name="Kind">The platform.</param>
/// <param name="Name">The platform as people name it, with its version where that is known.</param>
/// <param name="Topology">Where the control plane runs.</param>
/// <param name="Evidence">The facts that say so, one a line.</param>
public sealed record ClusterPlatform(PlatformKind Kind, string Name, ControlPlaneTopology Topology, IReadOnlyList<string> Evidence)
{
    /// <summary>Whether MachineConfigs and pools say here what is on the nodes.</summary>
    public bool HasMachineConfigs => Kind is PlatformKind.OpenShift or PlatformKind.Lab;

    /// <summary>Looks at a cluster's objects. What was not read (missing rights) leaves no evidence, and is no evidence of absence.</summary>
    public static ClusterPlatform Of(ClusterObjects objects) => PlatformDetection.Of(objects);
}
