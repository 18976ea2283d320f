using System.Net;

namespace Trunkline.Node.Network.Services;

/// <summary>An endpoint and its conditions. What is missing: ready counts as true, serving as ready, terminating as false (discovery/v1).</summary>
internal sealed record SliceEndpoint(IPAddress Address, bool Ready, string? NodeName)
{
    public bool Serving { get; init; } = Ready;

    public bool Terminating { get; init; }

    /// <summary>A hash of the Pod it is (targetRef), so that its addresses of both families are known as one Pod's; 0 where the slice names none.</summary>
    public ulong Pod { get; init; }
}
