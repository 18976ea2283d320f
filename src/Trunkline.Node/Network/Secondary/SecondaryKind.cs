namespace Trunkline.Node.Network.Secondary;

/// <summary>The CNI plugins whose networks a node serves.</summary>
internal enum SecondaryKind
{
    Macvlan,
    Bridge,
}
