using Trunkline.Policy.Model;

namespace Trunkline.Node.Network.Policies;

/// <summary>A Pod that policies can select, and which verdicts stand under its addresses (a Pod of this node only).</summary>
/// <param name="uid">Who claims its elements.</param>
/// <param name="pod">What is known of it.</param>
/// <param name="kind">Pods with the same labels.</param>
internal sealed class PodState(string uid, PolicyPod pod, PodKind kind)
{
    public string Uid => uid;

    public PolicyPod Pod => pod;

    public PodKind Kind => kind;

    /// <summary>Its element in each map, and the chain that leads to; null where everything is allowed.</summary>
    public Dictionary<string, (string Key, string? Chain)> Verdicts { get; } = new(StringComparer.Ordinal);
}
