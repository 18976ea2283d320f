using System.Net;
using Trunkline.Node.Network.Cluster;

namespace Trunkline.Node.Network.Services;

/// <summary>From a Service and its EndpointSlices to what one node has to serve. Pure.</summary>
internal static class ServiceTable
{
    public static IReadOnlyList<ServicePort> Build(ServiceState state, string nodeName, IPAddress nodeAddress) =>
        [.. state.Service.Ports.Select(port => Build(state.Service, port, state.Slices, nodeName, nodeAddress))];

    private static ServicePort Build(
        ServiceRecord service, ServiceRecordPort port, IEnumerable<SliceRecord> slices, string nodeName, IPAddress nodeAddress)
    {
        var all = slices.SelectMany(slice => slice.Ports.Where(p => p.Name == port.Name && p.Protocol == port.Protocol)
            .SelectMany(p => slice.Endpoints.Select(endpoint => (Endpoint: new Endpoint(endpoint.Address, p.Port), endpoint.Ready, endpoint.NodeName)))).ToList();
        var ready = Order(all.Where(item => item.Ready).Select(item => item.Endpoint));
        var local = Order(all.Where(item => item.Ready && item.NodeName == nodeName).Select(item => item.Endpoint));
        var frontends = service.ClusterIps.Select(address => new Frontend(address, port.Protocol, port.Port)
        {
            LocalOnly = service.InternalLocal,
            Endpoints = service.InternalLocal ? local : ready,
        }).ToList();
        if (port.NodePort is { } nodePort)
        {
            frontends.Add(new Frontend(nodeAddress, port.Protocol, nodePort)
            {
                IsNodePort = true,
                LocalOnly = service.ExternalLocal,
                Endpoints = service.ExternalLocal ? local : ready,
            });
        }

        return new ServicePort($"{service.Namespace}/{service.Name}:{port.Name}")
        {
            Frontends = frontends,
            Affine = service.Affine,
            Serving = Order(all.Select(item => item.Endpoint)),
        };
    }

    private static Endpoint[] Order(IEnumerable<Endpoint> endpoints) =>
        [.. endpoints.Distinct().OrderBy(e => Policy.Addresses.AddressRange.ToNumber(e.Address)).ThenBy(e => e.Port)];
}
