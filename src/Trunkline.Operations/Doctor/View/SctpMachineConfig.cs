using Trunkline.Operations.Objects;

namespace Trunkline.Operations.Doctor.View;

/// <summary>A MachineConfig that says anything about SCTP.</summary>
internal sealed record SctpMachineConfig(ClusterObject Source, IReadOnlyList<IgnitionFile> Files)
{
    public const string RoleLabel = "machineconfiguration.openshift.io/role";

    public string? Role => Source.Label(RoleLabel);

    /// <summary>Whether it has sctp loaded at boot.</summary>
    public bool Loads => Files.Any(file => file.Loads);

    /// <summary>Whether it writes a file of modprobe.d that no longer keeps the module out.</summary>
    public bool Frees => Files.Any(file => file.IsModprobe && !file.Blacklists);
}
