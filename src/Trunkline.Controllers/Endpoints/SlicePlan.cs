using k8s.Models;

namespace Trunkline.Controllers.Endpoints;

/// <summary>What has to be written so that a Service's slices are right.</summary>
internal sealed record SlicePlan(IReadOnlyList<V1EndpointSlice> Create, IReadOnlyList<V1EndpointSlice> Update, IReadOnlyList<V1EndpointSlice> Delete)
{
    public static SlicePlan Nothing { get; } = new([], [], []);
}
