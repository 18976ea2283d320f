using System.Net;
using Trunkline.Node.Network.Services;
using Trunkline.Policy.Model;

namespace Trunkline.Node.Network.Flows;

/// <summary>
/// Where flows to one frontend may go. What goes elsewhere is stale: to an endpoint that has gone (kubernetes#70020, #101968: a client with a fixed source port keeps
/// talking to a dead Pod), or to nobody, because it began before there was a Service.
/// </summary>
internal sealed record FrontendFlows(IPAddress Address, TransportProtocol Protocol, int Port, IReadOnlyList<Endpoint> Serving, IReadOnlyList<Endpoint> Existing)
{
    public string Key => Frontend.KeyOf(Address, Protocol, Port);

    public FlowFilter Filter => new() { Protocol = (int)Protocol, Destination = Address, DestinationPort = Port };

    /// <summary>
    /// An endpoint that is no longer ready gets no new associations, and keeps those that stand, as TCP's connections; everything else of it is forgotten, INITs that nobody
    /// answered too. TCP's own flows end by a reset.
    /// </summary>
    public bool IsStale(TrackedFlow flow)
    {
        var target = new Endpoint(flow.Target, flow.TargetPort);
        return !Serving.Contains(target) && !(flow.IsAssociation && Existing.Contains(target));
    }

    /// <summary>Frontends of SCTP and UDP of which some flow may be stale after a change: one that is new, has gone, or has lost an endpoint.</summary>
    public static IEnumerable<FrontendFlows> Of(ServedChange change)
    {
        var before = Frontends(change.Before).ToDictionary(item => item.Key, StringComparer.Ordinal);
        foreach (var now in Frontends(change.After))
        {
            if (!before.Remove(now.Key, out var was) || was.Serving.Except(now.Serving).Any() || was.Existing.Except(now.Existing).Any())
            {
                yield return now;
            }
        }

        foreach (var gone in before.Values)
        {
            yield return gone with { Serving = [], Existing = [] };
        }
    }

    /// <summary>One frontend of a thing, by its key; null where it has none such.</summary>
    public static FrontendFlows? At(ServedThing thing, string key) => Frontends(thing).FirstOrDefault(item => item.Key == key);

    private static IEnumerable<FrontendFlows> Frontends(ServedThing? thing) =>
        (thing?.Ports ?? []).SelectMany(port => port.Frontends
            .Where(frontend => frontend.Protocol is TransportProtocol.Sctp or TransportProtocol.Udp)
            .Select(frontend => new FrontendFlows(frontend.Address, frontend.Protocol, frontend.Port, port.Serving, port.Existing)))
        .DistinctBy(item => item.Key);
}
