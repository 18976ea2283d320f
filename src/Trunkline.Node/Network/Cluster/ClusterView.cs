using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Trunkline.Node.Agent.Watching;
using Trunkline.Node.Network.Services;
using Trunkline.Policy.Model;

namespace Trunkline.Node.Network.Cluster;

/// <summary>Watches what the data plane depends on, and keeps of it only the facts it needs.</summary>
internal sealed class ClusterView(Action changed)
{
    private readonly Lock _lock = new();
    private readonly Store<PodRecord> _pods = new();
    private readonly Store<PolicyNamespace> _namespaces = new();
    private readonly Store<NetworkPolicy> _policies = new();
    private readonly Store<NodeRecord> _nodes = new();
    private readonly Store<ServiceRecord> _services = new();
    private readonly Store<SliceRecord> _slices = new();

    // Pods this node is about to start, with addresses that the API server may not know yet.
    private readonly Dictionary<string, PodRecord> _announced = new(StringComparer.Ordinal);

    /// <summary>One endless task a kind.</summary>
    public Task RunAsync(Kubernetes client, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        return Task.WhenAll(
            Watch<V1Pod, PodRecord>("api/v1/pods", _pods, Records.Of),
            Watch<V1Namespace, PolicyNamespace>("api/v1/namespaces", _namespaces, Records.Of),
            Watch<PolicyObject, NetworkPolicy>("apis/networking.k8s.io/v1/networkpolicies", _policies, PolicyRecords.Of),
            Watch<V1Node, NodeRecord>("api/v1/nodes", _nodes, Records.Of),
            Watch<V1Service, ServiceRecord>("api/v1/services", _services, Records.Of),
            Watch<V1EndpointSlice, SliceRecord>("apis/discovery.k8s.io/v1/endpointslices", _slices, Records.Of));

        Task Watch<TObject, TRecord>(string path, Store<TRecord> store, Func<TObject, TRecord> read)
            where TObject : IKubernetesObject<V1ObjectMeta>
            where TRecord : class
        {
            var sink = new StoreSink<TObject, TRecord>(store, read, _lock, changed);
            var watch = new ResourceWatch<TObject>(client, path, null, sink, time, logger);
            return KeepAsync(watch.RunAsync, path, time, logger, cancellationToken);
        }
    }

    // A watch that ends by an object it cannot read would leave the node with yesterday's policies and nobody the wiser.
    private static async Task KeepAsync(Func<CancellationToken, Task> watch, string path, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await watch(cancellationToken);
            }
#pragma warning disable CA1031 // Whatever it is, it is told, and the list is read again.
            catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
            {
                DataPlaneLog.WatchFailed(logger, path, exception);
                await Task.Delay(TimeSpan.FromSeconds(1), time, cancellationToken);
            }
        }
    }

    /// <summary>Makes a Pod known with the address it has been given, whatever the API server says so far.</summary>
    public void Announce(PodRecord pod)
    {
        lock (_lock)
        {
            _announced[pod.Uid] = pod;
        }

        changed();
    }

    public void Withdraw(string uid)
    {
        lock (_lock)
        {
            if (!_announced.Remove(uid))
            {
                return;
            }
        }

        changed();
    }

    /// <summary>Null until every kind has been listed once: half a picture would cut flows that the whole one allows.</summary>
    public ClusterSnapshot? Snapshot()
    {
        lock (_lock)
        {
            if (!(_pods.IsListed && _namespaces.IsListed && _policies.IsListed && _nodes.IsListed && _services.IsListed && _slices.IsListed))
            {
                return null;
            }

            var nodes = _nodes.Items.ToList();
            var pods = Pods();
            var policies = new PolicyCluster(_namespaces.Items, pods.Select(record => record.Pod), _policies.Items, nodes.Select(node => new PolicyNode(node.Name, node.Addresses) { Labels = node.Labels }));
            return new ClusterSnapshot(policies, nodes, [.. _services.Items], [.. _slices.Items])
            {
                WithHostPorts = [.. pods.Where(record => record.HostPorts.Count > 0)],
            };
        }
    }

    // Labels are the API server's as soon as it has the Pod; the address and node of an announced Pod are this node's word.
    private List<PodRecord> Pods()
    {
        var pods = new List<PodRecord>(_pods.Items.Count + _announced.Count);
        var left = new Dictionary<string, PodRecord>(_announced, StringComparer.Ordinal);
        foreach (var record in _pods.Items)
        {
            pods.Add(left.Remove(record.Uid, out var announced)
                ? record with { Pod = record.Pod with { Addresses = announced.Pod.Addresses, NodeName = announced.Pod.NodeName } }
                : record);
        }

        pods.AddRange(left.Values);
        return pods;
    }
}
