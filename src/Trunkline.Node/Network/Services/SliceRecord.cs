namespace Trunkline.Node.Network.Services;

/// <summary>What a node needs to know of an EndpointSlice.</summary>
internal sealed record SliceRecord(string Namespace, string Service)
{
    public IReadOnlyList<SlicePort> Ports { get; init; } = [];

    public IReadOnlyList<SliceEndpoint> Endpoints { get; init; } = [];
}
