namespace Trunkline.Node.Network.Secondary;

/// <summary>Who has which address of a network on this node, and what was given last.</summary>
internal sealed class HostLocalState
{
    /// <summary>By address.</summary>
    public Dictionary<string, string> Owners { get; init; } = new(StringComparer.Ordinal);

    /// <summary>By the place of the set of ranges.</summary>
    public Dictionary<int, string> Last { get; init; } = [];
}
