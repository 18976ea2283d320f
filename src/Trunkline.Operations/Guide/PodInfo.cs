using Trunkline.Operations.Captures;

namespace Trunkline.Operations.Guide;

/// <summary>A Pod that runs.</summary>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name.</param>
/// <param name="Uid">Its uid.</param>
/// <param name="Node">The node it runs on.</param>
/// <param name="Address">Its address.</param>
internal sealed record PodInfo(string Namespace, string Name, string Uid, string Node, string Address)
{
    /// <summary>The Pod's own network namespace, where what arrives has already passed every rule of the node.</summary>
    public CapturePoint Wire => new($"pod-{Namespace}-{Name}", Node, $"/run/netns/{Uid}");

    public override string ToString() => $"{Namespace}/{Name} ({Address} on {Node})";
}
