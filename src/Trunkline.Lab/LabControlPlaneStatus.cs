namespace Trunkline.Lab;

/// <summary>What there is of the control plane.</summary>
/// <param name="Pid">Its process; null when it is dead.</param>
/// <param name="Server">The API server's address on this machine.</param>
/// <param name="Ready">Whether it answers.</param>
public sealed record LabControlPlaneStatus(int? Pid, string Server, bool Ready);
