using k8s.Models;
using Trunkline.Node.Agent.Watching;
using Trunkline.Node.Network.Cluster;
using Trunkline.Policy.Model;

namespace Trunkline.Node.Network.Secondary;

/// <summary>What of the cluster policies on secondary networks depend on.</summary>
internal sealed class SecondaryFacts
{
    private readonly FactSink<V1Pod, NetworkedPod> _pods;
    private readonly FactSink<V1Namespace, PolicyNamespace> _namespaces;
    private readonly FactSink<PolicyObject, MultiPolicy> _policies;

    public SecondaryFacts(Action changed)
    {
        _pods = new FactSink<V1Pod, NetworkedPod>(NetworkedPod.Of, changed);
        _namespaces = new FactSink<V1Namespace, PolicyNamespace>(Records.Of, changed);
        _policies = new FactSink<PolicyObject, MultiPolicy>(MultiPolicy.Of, changed);
    }

    public IWatchSink<V1Pod> Pods => _pods;

    public IWatchSink<V1Namespace> Namespaces => _namespaces;

    public IWatchSink<PolicyObject> Policies => _policies;

    /// <summary>Completes when every kind has been listed once.</summary>
    public Task Listed => Task.WhenAll(_pods.Listed, _namespaces.Listed, _policies.Listed);

    /// <summary>
    /// The cluster as one network shows it: Pods by their addresses there, and the policies for it. <paramref name="local"/> is this node's word on its own Pods,
    /// which the API server may not know yet.
    /// </summary>
    public PolicyCluster On(string network, IReadOnlyDictionary<string, NetworkedPod> local)
    {
        var pods = new Dictionary<string, NetworkedPod>(_pods.Items, StringComparer.Ordinal);
        foreach (var (key, own) in local)
        {
            // Labels are the API server's as soon as it has the Pod.
            pods[key] = pods.TryGetValue(key, out var known) ? known with { Networks = own.Networks } : own;
        }

        return new PolicyCluster(
            _namespaces.Items.Values, pods.Values.Select(pod => pod.On(network)).OfType<PolicyPod>(),
            _policies.Items.Values.Where(policy => policy.Networks.Contains(network)).Select(policy => policy.Policy));
    }
}
