namespace Trunkline.Node.Network.Policies;

/// <summary>A set of the kernel that chains ask, and how many chains do.</summary>
internal sealed class PeerSet(SetUse use)
{
    public SetUse Use => use;

    public string Name => use.Name;

    public int Uses { get; set; }
}
