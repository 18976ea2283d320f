using Trunkline.Policy.Model;

namespace Trunkline.Node.Network.Policies;

/// <summary>Pods as a peer selects them. Equal where it says the same, so that all policies that say it share one set.</summary>
internal sealed class PodSelection : IEquatable<PodSelection>
{
    private readonly LabelSelector? _namespaces;
    private readonly LabelSelector _pods;

    private PodSelection(string? ns, LabelSelector? namespaces, LabelSelector pods)
    {
        (Namespace, _namespaces, _pods) = (ns, namespaces, pods);
        Key = ns is not null ? $"{ns}/{pods}" : $"{namespaces}|{pods}";
    }

    /// <summary>The only namespace it looks in; null where labels say which.</summary>
    public string? Namespace { get; }

    public string Key { get; }

    public static PodSelection Of(string policyNamespace, PolicyPeer peer) => peer.NamespaceSelector is null
        ? new(policyNamespace, null, peer.PodSelector ?? LabelSelector.Everything)
        : new(null, peer.NamespaceSelector, peer.PodSelector ?? LabelSelector.Everything);

    public static PodSelection Of(NamespacedPods pods) => new(null, pods.NamespaceSelector, pods.PodSelector);

    public bool Matches(string ns, IReadOnlyDictionary<string, string> namespaceLabels, IReadOnlyDictionary<string, string> labels) =>
        (Namespace is not null ? Namespace == ns : _namespaces!.Matches(namespaceLabels)) && _pods.Matches(labels);

    public bool Equals(PodSelection? other) => other is not null && Key == other.Key;

    public override bool Equals(object? obj) => Equals(obj as PodSelection);

    public override int GetHashCode() => Key.GetHashCode(StringComparison.Ordinal);
}
