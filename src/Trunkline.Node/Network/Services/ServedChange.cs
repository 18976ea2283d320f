using Trunkline.Node.Network.Flows;

namespace Trunkline.Node.Network.Services;

/// <summary>Something that this node serves otherwise than before; null where it was or is not served.</summary>
internal sealed record ServedChange(string Key, ServedThing? Before, ServedThing? After)
{
    /// <summary>Frontends of which some known flow may have become stale.</summary>
    public IReadOnlyList<FrontendFlows> Flows { get; init; } = [];
}
