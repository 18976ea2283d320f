using System.Net;
using Trunkline.Node.Network.Cluster;

namespace Trunkline.Node.Network.Services;

/// <summary>hostPorts of this node's Pods, served as a CNI's portmap plugin does: at the node's own addresses (or hostIP's), with the client's address kept. Pure.</summary>
internal static class HostPorts
{
    public static IReadOnlyList<ServicePort> Of(PodRecord record, NodeNetwork network)
    {
        // Two Pods with one port are not admitted; one that ends may still be known, and the first by UID has it.
        if (!record.Pod.IsSelectable || record.Pod.NodeName != network.NodeName)
        {
            return [];
        }

        return [.. record.HostPorts.Select(port => Serve(record, port, record.Pod.Addresses, network))];
    }

    private static ServicePort Serve(PodRecord record, HostPort port, IReadOnlyList<IPAddress> pods, NodeNetwork network)
    {
        var endpoints = pods.Select(address => new Endpoint(address, port.ContainerPort)).ToList();
        var hosts = port.Address is { } one && !one.Equals(IPAddress.Any) && !one.Equals(IPAddress.IPv6Any) ? [one] : network.NodeAddresses;
        return new ServicePort
        {
            Frontends = [.. hosts.SelectMany(host => endpoints.Where(endpoint => endpoint.Address.AddressFamily == host.AddressFamily)
                .Select(endpoint => new Frontend(host, port.Protocol, port.Number, FrontendKind.HostPort) { LocalOnly = true, Endpoints = [endpoint], Everywhere = [endpoint] }))],
            Serving = endpoints,
            Existing = endpoints,
        };
    }
}
