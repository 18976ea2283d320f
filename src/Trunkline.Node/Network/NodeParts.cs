using Trunkline.Node.Network.Cluster;
using Trunkline.Node.Network.Nft;
using Trunkline.Node.Network.Policies;
using Trunkline.Node.Network.Services;

namespace Trunkline.Node.Network;

/// <summary>From what changed in the cluster to the parts of the rules that change with it. Keeps what it has to remember for that; no I/O.</summary>
internal sealed class NodeParts(NodeNetwork network)
{
    private const string ServicePrefix = "service/", HostPortPrefix = "hostport/";
    private readonly Dictionary<string, IReadOnlyList<ServicePort>> _services = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PodRecord> _withHostPorts = new(StringComparer.Ordinal);

    public RulesTable Table { get; } = new();

    /// <summary>Everything that is served here, for those who ask which flows have lost their endpoint.</summary>
    public IEnumerable<ServicePort> Services => _services.Values.SelectMany(ports => ports);

    public void Apply(ClusterDelta delta)
    {
        if (delta.Nodes is { } nodes)
        {
            Table.Put("node", NodeRules.Skeleton(network, nodes.SelectMany(node => node.Addresses)));
        }

        if (delta.IsWhole)
        {
            RemoveAbsent(delta);
        }

        foreach (var (key, state) in delta.Services)
        {
            Serve(ServicePrefix + key, state is null ? null : ServiceTable.Build(state, network.NodeName, network.NodeAddress));
        }

        foreach (var (uid, pod) in delta.Pods)
        {
            ServeHostPorts(uid, pod);
        }

        if (delta.TouchesPolicies)
        {
            Table.Put("policies", PolicyRules.Part(delta.Cluster.Value, network.NodeName));
        }
    }

    private void Serve(string part, IReadOnlyList<ServicePort>? ports)
    {
        Table.Put(part, ports is null ? null : ServiceRules.Part(ports));
        if (ports is null)
        {
            _services.Remove(part);
        }
        else
        {
            _services[part] = ports;
        }
    }

    private void ServeHostPorts(string uid, PodRecord? pod)
    {
        if (pod is { HostPorts.Count: > 0 })
        {
            _withHostPorts[uid] = pod;
            Serve(HostPortPrefix + uid, HostPorts.Of([pod], network));
        }
        else if (_withHostPorts.Remove(uid))
        {
            Serve(HostPortPrefix + uid, null);
        }
    }

    private void RemoveAbsent(ClusterDelta delta)
    {
        var there = delta.Services.Where(change => change.Item is not null).Select(change => ServicePrefix + change.Key)
            .Concat(delta.Pods.Where(change => change.Item is not null).Select(change => HostPortPrefix + change.Key)).ToHashSet(StringComparer.Ordinal);
        foreach (var part in _services.Keys.Where(part => !there.Contains(part)).ToList())
        {
            Serve(part, null);
            _withHostPorts.Remove(part[(part.IndexOf('/', StringComparison.Ordinal) + 1)..]);
        }
    }
}
