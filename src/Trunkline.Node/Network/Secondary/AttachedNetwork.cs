namespace Trunkline.Node.Network.Secondary;

/// <summary>A secondary network that a Pod is on; kept in the Pod's record.</summary>
/// <param name="Network">namespace/name of its NetworkAttachmentDefinition.</param>
/// <param name="Interface">Its name in the Pod.</param>
/// <param name="Addresses">Without prefix lengths.</param>
/// <param name="Mac">Lower case, with colons.</param>
internal sealed record AttachedNetwork(string Network, string Interface, IReadOnlyList<string> Addresses, string Mac)
{
    /// <summary>Gateways of the Pod's default routes that lead here instead of by eth0.</summary>
    public IReadOnlyList<string> DefaultRoute { get; init; } = [];
}
