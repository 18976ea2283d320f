namespace Trunkline.Policy.Model;

/// <summary>Pods by their namespaces' labels and their own: a ClusterNetworkPolicy's subject and its Pod peers. Pods on their node's network are never among them.</summary>
public sealed record NamespacedPods(LabelSelector NamespaceSelector, LabelSelector PodSelector)
{
    public static NamespacedPods All { get; } = new(LabelSelector.Everything, LabelSelector.Everything);

    public override string ToString() => PodSelector.IsEverything ? $"all Pods of namespaces {NamespaceSelector}" : $"Pods {PodSelector} of namespaces {NamespaceSelector}";
}
