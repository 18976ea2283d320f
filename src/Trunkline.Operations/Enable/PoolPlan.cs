namespace Trunkline.Operations.Enable;

/// <summary>What becomes of one MachineConfigPool.</summary>
/// <param name="Name">The pool.</param>
/// <param name="MachineConfigs">The MachineConfigs on which it is waited for: that they are in the pool's configuration, or (switching off) are not.</param>
/// <param name="Done">Whether its nodes have what is wanted already.</param>
/// <param name="Changes">Whether something has to be created or deleted for it; when not and not done, its roll-out is under way.</param>
/// <param name="Drains">Whether nodes are drained before their reboot; a single node is not.</param>
/// <param name="AtOnce">How many nodes are away at one time.</param>
/// <param name="Nodes">Its nodes in the order in which they are rebooted.</param>
public sealed record PoolPlan(string Name, IReadOnlyList<string> MachineConfigs, bool Done, bool Changes, bool Drains, int AtOnce, IReadOnlyList<string> Nodes);
