using Trunkline.Node.Network.Services;

namespace Trunkline.Node.Network.Cluster;

/// <summary>A Service with all of its EndpointSlices.</summary>
internal sealed record ServiceState(ServiceRecord Service, IReadOnlyList<SliceRecord> Slices);
