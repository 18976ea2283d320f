using System.Net.Sockets;

namespace Trunkline.Node.Network.Services;

/// <summary>Which endpoints of one family may be given new flows.</summary>
/// <param name="Everywhere">Of the cluster.</param>
/// <param name="Here">Of this node.</param>
internal sealed record EndpointChoice(IReadOnlyList<Endpoint> Everywhere, IReadOnlyList<Endpoint> Here)
{
    /// <summary>Ready ones; only where there are none, those that still serve though they are ending (KEP-1669), for the cluster and for the node each by itself.</summary>
    public static EndpointChoice Of(IReadOnlyCollection<KnownEndpoint> endpoints, AddressFamily family)
    {
        var known = endpoints.Where(endpoint => endpoint.Endpoint.Address.AddressFamily == family).ToList();
        return new EndpointChoice(Choose(known), Choose(known.Where(endpoint => endpoint.IsHere)));
    }

    private static Endpoint[] Choose(IEnumerable<KnownEndpoint> endpoints)
    {
        var known = endpoints as IReadOnlyCollection<KnownEndpoint> ?? [.. endpoints];
        var ready = known.Where(endpoint => endpoint.Ready).Select(endpoint => endpoint.Endpoint).Order().ToArray();
        return ready.Length > 0
            ? ready
            : [.. known.Where(endpoint => endpoint is { Serving: true, Terminating: true }).Select(endpoint => endpoint.Endpoint).Order()];
    }
}
