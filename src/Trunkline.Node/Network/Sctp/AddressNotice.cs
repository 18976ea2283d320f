using System.Net;
using Trunkline.Node.Network.Services;

namespace Trunkline.Node.Network.Sctp;

/// <summary>A peer of a Service that named addresses which cannot pass the translation.</summary>
/// <param name="Service">Whose association it is.</param>
/// <param name="Peer">Who named them: a client, or (with <paramref name="IsEndpoint"/>) an endpoint.</param>
/// <param name="IsEndpoint">An endpoint's INIT ACK.</param>
/// <param name="Addresses">What it named.</param>
/// <param name="Times">How often it was seen since this was last told: what the Event's count grows by.</param>
internal sealed record AddressNotice(ServiceRecord Service, IPAddress Peer, bool IsEndpoint, IReadOnlyList<string> Addresses, int Times)
{
    public string Message =>
        $"SCTP {(IsEndpoint ? "endpoint" : "client")} {Peer} of Service {Service.Namespace}/{Service.Name} lists addresses that cannot pass the Service's translation: "
        + $"{string.Join(", ", Addresses)}; its peer will not reach it there. Bind it to one address, or use a network without translation";
}
