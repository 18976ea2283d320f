namespace Trunkline.Lab;

/// <summary>What there is of a lab.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Up">Whether everything that belongs to it runs and all nodes are Ready.</param>
/// <param name="ControlPlane">The API server and controllers.</param>
/// <param name="Nodes">The nodes.</param>
/// <param name="MemoryBytes">Resident memory of all processes of the lab, pages that several share counted once.</param>
public sealed record LabStatus(string Name, bool Up, LabControlPlaneStatus ControlPlane, IReadOnlyList<LabNodeStatus> Nodes, long MemoryBytes);
