using Trunkline.Operations.Lint.Documents;
using Trunkline.Operations.Manifests;

namespace Trunkline.Operations.Lint.Context;

/// <summary>A rule of a NetworkPolicy.</summary>
/// <param name="Node">Its entry.</param>
/// <param name="PeerKey"><c>from</c> or <c>to</c>.</param>
public sealed record PolicyRuleFacts(ManifestNode Node, string PeerKey)
{
    /// <summary>Its peers; none means everybody.</summary>
    public IReadOnlyList<ManifestNode> Peers { get; } = Node[PeerKey].List();

    /// <summary>Its ports; none means all of them.</summary>
    public IReadOnlyList<PolicyPortFacts> Ports { get; } = [.. Node["ports"].List().Where(port => port.Entries is not null).Select(port => new PolicyPortFacts(port))];

    /// <summary>Whether a peer means Pods of the policy's own namespace only.</summary>
    public static bool IsOwnNamespace(ManifestNode peer) => peer.Has("podSelector") && !peer.Has("namespaceSelector") && !peer.Has("ipBlock");

    /// <summary>Whether it names SCTP.</summary>
    public bool NamesSctp => Ports.Any(port => port.IsSctp);
}
