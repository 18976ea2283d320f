using Trunkline.Node.Network.Cluster;
using Trunkline.Node.Network.Services;
using Trunkline.Policy.Model;

namespace Trunkline.Node.IntegrationTests.Network;

/// <summary>A cluster that a test makes up. The first time it is told whole, from then on by what changed, as watches would.</summary>
internal sealed class GivenCluster : IClusterSource
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, object> _told = new(StringComparer.Ordinal);
    private PolicyCluster? _cluster;
    private IReadOnlyList<NodeRecord> _nodes = [];
    private IReadOnlyList<ServiceRecord> _services = [];
    private IReadOnlyList<SliceRecord> _slices = [];
    private IReadOnlyList<PodRecord> _hostPorts = [];
    private bool _isWhole = true;

    public void Give(
        PolicyCluster cluster, IReadOnlyList<NodeRecord> nodes, IReadOnlyList<ServiceRecord> services, IReadOnlyList<SliceRecord> slices, IReadOnlyList<PodRecord> hostPorts)
    {
        lock (_lock)
        {
            (_cluster, _nodes, _services, _slices, _hostPorts) = (cluster, nodes, services, slices, hostPorts);
        }
    }

    public ClusterDelta? Take()
    {
        lock (_lock)
        {
            if (_cluster is not { } cluster)
            {
                return null;
            }

            var isWhole = _isWhole;
            _isWhole = false;
            var hosts = _hostPorts.ToDictionary(record => $"{record.Pod}", StringComparer.Ordinal);
            var pods = cluster.Pods.Select(pod => KeyValuePair.Create($"{pod}", hosts.GetValueOrDefault($"{pod}") is { } host ? host with { Pod = pod } : new PodRecord($"{pod}", pod)))
                .Concat(hosts.Where(pair => !cluster.Pods.Any(pod => $"{pod}" == pair.Key)));
            return new ClusterDelta(new Lazy<PolicyCluster>(cluster))
            {
                IsWhole = isWhole,
                Nodes = isWhole || !_nodes.Select(Text).SequenceEqual(Told("nodes", () => _nodes).Select(Text)) ? Remember("nodes", _nodes) : null,
                Pods = Changes("pod", pods, isWhole),
                Policies = Changes("policy", cluster.Policies.Select(policy => KeyValuePair.Create($"{policy}", policy)), isWhole),
                ClusterPolicies = Changes("cluster policy", cluster.ClusterPolicies.Select(policy => KeyValuePair.Create($"{policy}", policy)), isWhole),
                Namespaces = Changes("namespace", cluster.Namespaces.Select(ns => KeyValuePair.Create(ns.Name, ns)), isWhole),
                Services = Changes("service", _services.Select(service => KeyValuePair.Create($"{service.Namespace}/{service.Name}", new ServiceState(
                    service, [.. _slices.Where(slice => slice.Namespace == service.Namespace && slice.Service == service.Name)]))), isWhole),
            };
        }
    }

    public void Reset()
    {
        lock (_lock)
        {
            _isWhole = true;
        }
    }

    private static string Text(NodeRecord node) => $"{node.Name} {string.Join(',', node.Addresses)} {string.Join(',', node.PodNetworks)} {string.Join(',', node.Labels)}";

    private T Told<T>(string what, Func<T> otherwise)
        where T : class => _told.TryGetValue(what, out var told) ? (T)told : otherwise();

    private T Remember<T>(string what, T now)
        where T : class
    {
        _told[what] = now;
        return now;
    }

    private IReadOnlyList<Change<T>> Changes<T>(string kind, IEnumerable<KeyValuePair<string, T>> items, bool isWhole)
        where T : class
    {
        var now = items.ToDictionary(StringComparer.Ordinal);
        var before = Told(kind, () => new Dictionary<string, T>(StringComparer.Ordinal));
        Remember(kind, now);
        return
        [
            .. now.Where(pair => isWhole || !before.TryGetValue(pair.Key, out var known) || !ReferenceEquals(known, pair.Value)).Select(pair => new Change<T>(pair.Key, pair.Value)),
            .. before.Keys.Where(key => !now.ContainsKey(key)).Select(key => new Change<T>(key, null)),
        ];
    }
}
