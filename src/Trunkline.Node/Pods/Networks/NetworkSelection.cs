namespace Trunkline.Node.Pods.Networks;

/// <summary>One network that a Pod asks for by its annotation (Kubernetes Network Custom Resource Definition De-facto Standard, section 4).</summary>
internal sealed record NetworkSelection(string Namespace, string Name)
{
    /// <summary>The annotation in which a Pod asks.</summary>
    public const string Annotation = "k8s.v1.cni.cncf.io/networks";

    /// <summary>The interface's name in the Pod; null: netN, by the place in the list.</summary>
    public string? Interface { get; init; }

    /// <summary>Addresses with prefix lengths, for a network with capability <c>ips</c>.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>The hardware address, for a network with capability <c>mac</c>.</summary>
    public string? Mac { get; init; }

    /// <summary>Gateways of the Pod's default route, which then leads here instead of by eth0.</summary>
    public IReadOnlyList<string> DefaultRoute { get; init; } = [];

    /// <summary>As policies and statuses name the network.</summary>
    public string FullName => $"{Namespace}/{Name}";
}
