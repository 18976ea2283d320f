using System.Net.Sockets;
using Trunkline.Node.Network.Cluster;

namespace Trunkline.Node.Network.Services;

/// <summary>hostPorts of this node's Pods, served as a CNI's portmap plugin does: at the node's own address, with the client's address kept. Pure.</summary>
internal static class HostPorts
{
    public static IReadOnlyList<ServicePort> Of(IEnumerable<PodRecord> pods, NodeNetwork network) =>
    [
        .. pods.Where(record => record.Pod.IsSelectable && record.Pod.NodeName == network.NodeName)
            .Where(record => record.Pod.AddressOf(AddressFamily.InterNetwork) is not null)
            .SelectMany(record => record.HostPorts.Select(port => (record.Pod, Port: port)))
            .OrderBy(item => item.Pod.Namespace, StringComparer.Ordinal).ThenBy(item => item.Pod.Name, StringComparer.Ordinal)
            .DistinctBy(item => (item.Port.Protocol, item.Port.Number)) // admission lets no two have the same; one that ends may still be known
            .Select(item => Serve(item.Pod.Namespace, item.Pod.Name, new Endpoint(item.Pod.AddressOf(AddressFamily.InterNetwork)!, item.Port.ContainerPort), item.Port, network)),
    ];

    private static ServicePort Serve(string ns, string pod, Endpoint endpoint, HostPort port, NodeNetwork network) => new($"{ns}/{pod}:{port.Number}")
    {
        Frontends = [new Frontend(network.NodeAddress, port.Protocol, port.Number) { IsNodePort = true, LocalOnly = true, Endpoints = [endpoint] }],
        Serving = [endpoint],
    };
}
