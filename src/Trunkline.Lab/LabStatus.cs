namespace Trunkline.Lab;

/// <summary>What there is of a lab.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Up">Whether everything that belongs to it runs and all nodes are Ready.</param>
/// <param name="Server">The API server's address on this machine.</param>
/// <param name="ApiReady">Whether it answers.</param>
/// <param name="ControlPlanePid">The control plane's process; null when it is dead.</param>
/// <param name="Nodes">The nodes.</param>
/// <param name="MemoryBytes">Resident memory of all processes of the lab, pages that several share counted once.</param>
public sealed record LabStatus(
    string Name, bool Up, string Server, bool ApiReady, int? ControlPlanePid, IReadOnlyList<LabNodeStatus> Nodes, long MemoryBytes);
