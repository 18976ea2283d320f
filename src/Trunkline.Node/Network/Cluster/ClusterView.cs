using System.Net;
using System.Text.Json;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Trunkline.Node.Agent.Watching;
using Trunkline.Node.Network.Services;
using Trunkline.Policy.Model;

namespace Trunkline.Node.Network.Cluster;

/// <summary>Watches what the data plane depends on, and keeps of it only the facts it needs.</summary>
internal sealed class ClusterView : IClusterSource
{
    private readonly Action _announceChange;
    private readonly Lock _lock = new();
    private readonly Store<PodRecord> _pods = new();
    private readonly Store<PolicyNamespace> _namespaces = new();
    private readonly Store<NetworkPolicy> _policies = new();
    private readonly Store<ClusterNetworkPolicy> _clusterPolicies = new();
    private readonly Store<NodeRecord> _nodes = new();
    private readonly Store<ServiceRecord> _services = new();
    private readonly Store<SliceRecord> _slices = new();

    private readonly ServiceJoin _join;
    private readonly WatchProgress _namespaceProgress = new(), _policyProgress = new(), _clusterPolicyProgress = new();

    private readonly OwnPods _own = new();
    private bool _isWhole = true;

    /// <param name="changed">Called after each change, on the thread of its watch.</param>
    public ClusterView(Action changed) => (_announceChange, _join) = (changed, new ServiceJoin(_services, _slices));

    /// <summary>One endless task a kind.</summary>
    public Task RunAsync(Kubernetes client, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        return Task.WhenAll(
            Watch<V1Pod, PodRecord>("api/v1/pods", _pods, Records.Of, pod => pod.Metadata.Uid ?? ""),
            Watch<V1Namespace, PolicyNamespace>("api/v1/namespaces", _namespaces, Records.Of, progress: _namespaceProgress),
            Watch<PolicyObject, NetworkPolicy>("apis/networking.k8s.io/v1/networkpolicies", _policies, PolicyRecords.Of, progress: _policyProgress),
            Watch<PolicyObject, ClusterNetworkPolicy>(
                PolicyFreshness.ClusterPolicies, _clusterPolicies, PolicyRecords.OfCluster, isOptional: true, progress: _clusterPolicyProgress),
            Watch<V1Node, NodeRecord>("api/v1/nodes", _nodes, Records.Of),
            Watch<V1Service, ServiceRecord>("api/v1/services", _services, ServiceReader.Of),
            Watch<V1EndpointSlice, SliceRecord>("apis/discovery.k8s.io/v1/endpointslices", _slices, ServiceReader.Of));

        Task Watch<TObject, TRecord>(string path, Store<TRecord> store, Func<TObject, TRecord> read, Func<TObject, string>? key = null, bool isOptional = false, WatchProgress? progress = null)
            where TObject : IKubernetesObject<V1ObjectMeta>
            where TRecord : class
        {
            var sink = new StoreSink<TObject, TRecord>(store, key ?? Key, read, _lock, _announceChange, progress);
            var watch = new ResourceWatch<TObject>(client, path, null, sink, time, logger) { IsOptional = isOptional };
            return Kept.RunAsync(watch.RunAsync, exception => DataPlaneLog.WatchFailed(logger, path, exception), time, cancellationToken);
        }
    }

    /// <summary>Waits for what the API server has of policies now.</summary>
    public PolicyFreshness Freshness(Func<string, CancellationToken, Task<JsonDocument?>> get, TimeProvider time) =>
        new(get, _policyProgress, _namespaceProgress, _clusterPolicyProgress, time);

    /// <summary>Makes a Pod known with the address it has been given, whatever the API server says so far.</summary>
    public void Announce(PodRecord pod)
    {
        lock (_lock)
        {
            _own.Announce(pod);
            _pods.Touch(pod.Uid);
        }

        _announceChange();
    }

    /// <summary>The addresses with which a Pod was announced; none once it is withdrawn.</summary>
    public IReadOnlyList<IPAddress> AnnouncedAddresses(string uid)
    {
        lock (_lock)
        {
            return _own.AddressesOf(uid);
        }
    }

    /// <summary>The Pod is off the network.</summary>
    public void Withdraw(string uid)
    {
        lock (_lock)
        {
            if (!_own.Withdraw(uid, _pods.Items.ContainsKey(uid)))
            {
                return;
            }

            _pods.Touch(uid);
        }

        _announceChange();
    }

    /// <inheritdoc/>
    public void Reset()
    {
        lock (_lock)
        {
            _isWhole = true;
        }
    }

    /// <inheritdoc/>
    public ClusterDelta? Take()
    {
        lock (_lock)
        {
            if (!(_pods.IsListed && _namespaces.IsListed && _policies.IsListed && _clusterPolicies.IsListed && _nodes.IsListed && _services.IsListed && _slices.IsListed))
            {
                return null;
            }

            if (_isWhole)
            {
                ChangeAll();
            }

            var delta = new ClusterDelta(new Lazy<PolicyCluster>(Cluster))
            {
                IsWhole = _isWhole,
                Services = _join.Take(),
                Pods = [.. _pods.Changed.Select(uid => new Change<PodRecord>(uid, Pod(uid)))],
                Policies = Changes(_policies),
                ClusterPolicies = Changes(_clusterPolicies),
                Namespaces = Changes(_namespaces),
                Nodes = _nodes.Changed.Count > 0 ? [.. _nodes.Items.Values] : null,
            };
            _own.Keep(_pods.Items.Keys);
            _pods.Settle();
            _policies.Settle();
            _clusterPolicies.Settle();
            _namespaces.Settle();
            _nodes.Settle();
            _isWhole = false;
            return delta;
        }
    }

    private static string Key<TObject>(TObject item)
        where TObject : IKubernetesObject<V1ObjectMeta> => $"{item.Metadata.NamespaceProperty}/{item.Metadata.Name}";

    private static IReadOnlyList<Change<T>> Changes<T>(Store<T> store)
        where T : class => [.. store.Changed.Select(key => new Change<T>(key, store.Items.GetValueOrDefault(key)))];

    private void ChangeAll()
    {
        _pods.ChangeAll();
        foreach (var uid in _own.Announced)
        {
            _pods.Touch(uid);
        }

        _namespaces.ChangeAll();
        _policies.ChangeAll();
        _clusterPolicies.ChangeAll();
        _nodes.ChangeAll();
        _services.ChangeAll();
        _slices.ChangeAll();
    }

    private PolicyCluster Cluster()
    {
        lock (_lock)
        {
            var pods = _pods.Items.Keys.Concat(_own.Announced.Where(uid => !_pods.Items.ContainsKey(uid))).Select(uid => Pod(uid)!.Pod);
            var nodes = _nodes.Items.Values.Select(node => new PolicyNode(node.Name, node.AllAddresses) { Labels = node.Labels });
            return new PolicyCluster(_namespaces.Items.Values, pods, _policies.Items.Values, nodes, _clusterPolicies.Items.Values);
        }
    }

    private PodRecord? Pod(string uid) => _own.Of(uid, _pods.Items.GetValueOrDefault(uid));
}
