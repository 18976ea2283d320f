using System.Net;
using System.Net.Sockets;
using Trunkline.Node.Network.Cluster;
using Trunkline.Node.Network.Services;

namespace Trunkline.Node.Network.Balancers;

/// <summary>
/// What has to be remembered of the cluster to know which addresses of load balancers are this node's to answer for: Services that have some, where their endpoints are, and
/// which nodes may answer. Of other Services nothing is kept. No I/O.
/// </summary>
internal sealed class BalancerBook(string nodeName)
{
    /// <summary>A node with this label takes no traffic of load balancers (Kubernetes: well-known labels).</summary>
    public const string ExcludedLabel = "node.kubernetes.io/exclude-from-external-load-balancers";

    private readonly Dictionary<string, Entry> _services = new(StringComparer.Ordinal);
    private List<string> _nodes = [];

    /// <param name="Addresses">Its addresses on the rack.</param>
    /// <param name="LocalOnly">externalTrafficPolicy Local: only a node with an endpoint of the address's family may answer.</param>
    /// <param name="Holders">Nodes with an endpoint that takes traffic, by family.</param>
    private sealed record Entry(IReadOnlyList<IPAddress> Addresses, bool LocalOnly, ILookup<AddressFamily, string> Holders);

    /// <summary>True where anything that counts may have changed.</summary>
    public bool Apply(ClusterDelta delta)
    {
        var changed = delta.IsWhole;
        if (delta.IsWhole)
        {
            _services.Clear();
        }

        if (delta.Nodes is { } nodes)
        {
            var now = nodes.Where(node => node.IsReady && !node.Labels.ContainsKey(ExcludedLabel)).Select(node => node.Name).Order(StringComparer.Ordinal).ToList();
            changed |= !now.SequenceEqual(_nodes, StringComparer.Ordinal);
            _nodes = now;
        }

        foreach (var (key, state) in delta.Services)
        {
            changed |= state is { Service.LoadBalancerIps.Count: > 0 } ? Put(key, state) : _services.Remove(key);
        }

        return changed;
    }

    /// <summary>The addresses this node answers for.</summary>
    public IReadOnlySet<IPAddress> Mine() =>
        _services.Values.SelectMany(service => service.Addresses.Where(address => BalancerChoice.Of(address, Candidates(service, address)) == nodeName)).ToHashSet();

    private IEnumerable<string> Candidates(Entry service, IPAddress address) =>
        service.LocalOnly ? _nodes.Intersect(service.Holders[address.AddressFamily], StringComparer.Ordinal) : _nodes;

    private bool Put(string key, ServiceState state)
    {
        var holders = state.Slices.SelectMany(slice => slice.Endpoints).GroupBy(endpoint => endpoint.Address.AddressFamily)
            .SelectMany(family => Serving([.. family])).Where(endpoint => endpoint.NodeName is not null)
            .ToLookup(endpoint => endpoint.Address.AddressFamily, endpoint => endpoint.NodeName!);
        _services[key] = new Entry(state.Service.LoadBalancerIps, state.Service.ExternalLocal, holders);
        return true;
    }

    // Where nobody is ready, those that end and still serve take traffic (KEP-1669): their address does not move away before them.
    private static IEnumerable<SliceEndpoint> Serving(IReadOnlyList<SliceEndpoint> endpoints) =>
        endpoints.Any(endpoint => endpoint.Ready) ? endpoints.Where(endpoint => endpoint.Ready) : endpoints.Where(endpoint => endpoint is { Serving: true, Terminating: true });
}
