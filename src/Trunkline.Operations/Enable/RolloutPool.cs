namespace Trunkline.Operations.Enable;

/// <summary>A pool in the table of a roll-out.</summary>
/// <param name="Name">The pool.</param>
/// <param name="Target">The rendered configuration its nodes are to have.</param>
/// <param name="Phase">Where it stands, in words.</param>
/// <param name="Done">Whether all its nodes have what is wanted.</param>
/// <param name="Trouble">Why it gets no further by itself; null while it does.</param>
/// <param name="Nodes">Its nodes, in the order in which they are updated.</param>
public sealed record RolloutPool(string Name, string? Target, string Phase, bool Done, string? Trouble, IReadOnlyList<RolloutNode> Nodes);
