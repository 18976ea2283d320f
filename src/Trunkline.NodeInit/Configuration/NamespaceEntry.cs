namespace Trunkline.NodeInit.Configuration;

/// <summary>One file of the SCTP registry directory, as far as init needs it: where the namespace's socket belongs.</summary>
internal sealed record NamespaceEntry
{
    public required string Id { get; init; }

    public required string Directory { get; init; }
}
