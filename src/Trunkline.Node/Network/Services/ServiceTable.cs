using System.Net.Sockets;
using Trunkline.Node.Network.Cluster;
using Trunkline.Policy.Model;

namespace Trunkline.Node.Network.Services;

/// <summary>From a Service and its EndpointSlices to what one node has to serve. Pure.</summary>
internal static class ServiceTable
{
    /// <summary>A Service without an address of its own (headless, ExternalName) is no proxy's business.</summary>
    public static IReadOnlyList<ServicePort> Build(ServiceState state, NodeNetwork node)
    {
        var (service, slices) = (state.Service, state.Slices);
        if (service.ClusterIps.Count == 0)
        {
            return [];
        }

        return [.. service.Ports.Select(port => Build(service, port, slices, node))];
    }

    private static ServicePort Build(ServiceRecord service, ServiceRecordPort port, IReadOnlyList<SliceRecord> slices, NodeNetwork node)
    {
        var known = Known(port, slices, node.NodeName);
        Endpoint[] existing = [.. known.Select(endpoint => endpoint.Endpoint).Order()];
        var v4 = EndpointChoice.Of(known, AddressFamily.InterNetwork);
        var v6 = EndpointChoice.Of(known, AddressFamily.InterNetworkV6);

        // A Service is served in the families of its ClusterIPs: of another one it has no endpoints, and the nodePort there may be a program's or a hostPort's.
        var families = service.ClusterIps.Select(address => address.AddressFamily).ToHashSet();
        return new ServicePort
        {
            Frontends =
            [
                .. Addresses(service, port, node).Where(frontend => families.Contains(frontend.Address.AddressFamily)).DistinctBy(frontend => (frontend.Address, frontend.Port)).Select(frontend =>
                {
                    var choice = frontend.Address.AddressFamily == AddressFamily.InterNetwork ? v4 : v6;
                    var local = frontend.IsExternal ? service.ExternalLocal : service.InternalLocal;
                    var everywhere = OneOf(existing, choice.Everywhere);
                    return frontend with { LocalOnly = local, Endpoints = local ? choice.Here : everywhere, Everywhere = everywhere };
                }),
            ],
            Affinity = service.AffinitySeconds is { } seconds ? new SessionAffinity($"{service.Namespace}/{service.Name}:{port.Name}", seconds) : null,
            HashesPorts = service.HashesPorts && port.Protocol == TransportProtocol.Sctp,
            Serving = OneOf(existing, [.. known.Where(endpoint => endpoint.Ready || endpoint.Serving).Select(endpoint => endpoint.Endpoint).Order()]),
            Existing = existing,
            ReadyHere = [.. known.Where(endpoint => endpoint is { Ready: true, IsHere: true }).Select(endpoint => endpoint.Endpoint.Address).Distinct()],
        };
    }

    // Mostly every endpoint serves and all of them are of one family: one list is kept, not three.
    private static IReadOnlyList<Endpoint> OneOf(Endpoint[] known, IReadOnlyList<Endpoint> same) => known.SequenceEqual(same) ? known : same;

    // Slices of a Service are joined to its ports by name and protocol; the number may differ from slice to slice (a named targetPort means another in each Pod).
    private static List<KnownEndpoint> Known(ServiceRecordPort port, IEnumerable<SliceRecord> slices, string nodeName)
    {
        var known = new Dictionary<Endpoint, KnownEndpoint>();
        foreach (var slice in slices)
        {
            foreach (var number in slice.Ports.Where(candidate => candidate.Name == port.Name && candidate.Protocol == port.Protocol))
            {
                foreach (var item in slice.Endpoints)
                {
                    var endpoint = new Endpoint(item.Address, number.Port) { Pod = item.Pod };
                    var one = new KnownEndpoint(endpoint, item.Ready, item.Serving, item.Terminating, item.NodeName == nodeName);
                    known[endpoint] = known.TryGetValue(endpoint, out var before) ? before.And(one) : one;
                }
            }
        }

        return [.. known.Values];
    }

    private static IEnumerable<Frontend> Addresses(ServiceRecord service, ServiceRecordPort port, NodeNetwork node)
    {
        foreach (var address in service.ClusterIps)
        {
            yield return new Frontend(address, port.Protocol, port.Port, FrontendKind.ClusterIp);
        }

        if (port.NodePort is { } number)
        {
            foreach (var address in node.NodeAddresses)
            {
                yield return new Frontend(address, port.Protocol, number, FrontendKind.NodePort);
            }
        }

        foreach (var address in service.LoadBalancerIps)
        {
            yield return new Frontend(address, port.Protocol, port.Port, FrontendKind.LoadBalancer) { Sources = service.SourceRanges };
        }

        foreach (var address in service.ExternalIps)
        {
            yield return new Frontend(address, port.Protocol, port.Port, FrontendKind.ExternalIp);
        }
    }
}
