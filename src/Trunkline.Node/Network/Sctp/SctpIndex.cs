using System.Collections.Concurrent;
using System.Net;
using Trunkline.Node.Network.Services;
using Trunkline.Policy.Model;

namespace Trunkline.Node.Network.Sctp;

/// <summary>Whose an address and SCTP port is: a frontend's Service, an endpoint's Service.</summary>
internal sealed class SctpIndex
{
    private readonly ConcurrentDictionary<(IPAddress Address, int Port), ServiceRecord> _frontends = new();
    private readonly ConcurrentDictionary<(IPAddress Address, int Port), ServiceRecord> _endpoints = new();

    public ServiceRecord? ByFrontend(IPAddress address, int port) => _frontends.GetValueOrDefault((address, port));

    public ServiceRecord? ByEndpoint(IPAddress address, int port) => _endpoints.GetValueOrDefault((address, port));

    public void Apply(ServedChange change)
    {
        if (change.Before is { Service: not null } before)
        {
            foreach (var port in Sctp(before))
            {
                Each(port, (map, key) => map.TryRemove(key, out _));
            }
        }

        if (change.After is { Service: { } service } after)
        {
            foreach (var port in Sctp(after))
            {
                Each(port, (map, key) => map[key] = service);
            }
        }
    }

    private static IEnumerable<ServicePort> Sctp(ServedThing thing) => thing.Ports.Where(port => port.Frontends is [{ Protocol: TransportProtocol.Sctp }, ..]);

    private void Each(ServicePort port, Action<ConcurrentDictionary<(IPAddress, int), ServiceRecord>, (IPAddress, int)> action)
    {
        foreach (var frontend in port.Frontends)
        {
            action(_frontends, (frontend.Address, frontend.Port));
        }

        foreach (var endpoint in port.Existing)
        {
            action(_endpoints, (endpoint.Address, endpoint.Port));
        }
    }
}
