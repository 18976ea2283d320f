namespace Trunkline.Node.Network.Services;

/// <summary>One port of one Service, as this node serves it.</summary>
/// <param name="Name">namespace/service:port.</param>
internal sealed record ServicePort(string Name)
{
    public IReadOnlyList<Frontend> Frontends { get; init; } = [];

    /// <summary>Every endpoint that still exists, ready or not: a flow to one of these is left alone.</summary>
    public IReadOnlyList<Endpoint> Serving { get; init; } = [];

    /// <summary>sessionAffinity ClientIP.</summary>
    public bool Affine { get; init; }
}
