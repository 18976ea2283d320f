namespace Trunkline.Lab;

/// <summary>What there is of a node.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Role"><c>control-plane</c> or <c>worker</c>.</param>
/// <param name="Address">Its address on the nodes' network.</param>
/// <param name="Ready">Whether the API says Ready, for this boot of the node.</param>
/// <param name="MachinePid">The process that holds the node; null when it is dead.</param>
/// <param name="InitPid">The node's first process, as the machine numbers it.</param>
/// <param name="BootId">The node's boot.</param>
/// <param name="Sctp">The SCTP module: loaded, autoload or off.</param>
/// <param name="Processes">What runs in the node, Pods included, as the machine numbers it.</param>
public sealed record LabNodeStatus(
    string Name, string Role, string Address, bool Ready, int? MachinePid, int? InitPid, string? BootId, string? Sctp, IReadOnlyList<int> Processes);
