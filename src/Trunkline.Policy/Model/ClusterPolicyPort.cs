namespace Trunkline.Policy.Model;

/// <summary>One item of a ClusterNetworkPolicy rule's <c>protocols</c>: ports of a protocol, or a name that the destination Pod's containers declare.</summary>
public sealed record ClusterPolicyPort
{
    /// <summary>Null with <see cref="Name"/>: a name alone says nothing of the protocol, the declaration does.</summary>
    public TransportProtocol? Protocol { get; init; }

    public int First { get; init; } = 1;

    /// <summary>Included.</summary>
    public int Last { get; init; } = 65535;

    /// <summary><c>destinationNamedPort</c>.</summary>
    public string? Name { get; init; }

    public override string ToString() => Name is not null ? $"port {Name}"
        : First == Last ? $"{Protocol!.Value.Upper()} {First}"
        : $"{Protocol!.Value.Upper()} {First}-{Last}";
}
