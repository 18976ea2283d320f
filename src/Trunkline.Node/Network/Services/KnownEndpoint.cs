namespace Trunkline.Node.Network.Services;

/// <summary>An endpoint, and what all slices together say of it.</summary>
internal sealed record KnownEndpoint(Endpoint Endpoint, bool Ready, bool Serving, bool Terminating, bool IsHere)
{
    /// <summary>While an endpoint moves from one slice to another it stands in both: what serves in one serves.</summary>
    public KnownEndpoint And(KnownEndpoint other) =>
        new(Endpoint, Ready || other.Ready, Serving || other.Serving, Terminating && other.Terminating, IsHere || other.IsHere);
}
