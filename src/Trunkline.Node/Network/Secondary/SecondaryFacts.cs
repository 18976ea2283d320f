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

    /// <param name="nodeName">This node.</param>
    /// <param name="changed">Called after each change, on the thread of its watch.</param>
    public SecondaryFacts(string nodeName, Action changed)
    {
        _pods = new FactSink<V1Pod, NetworkedPod>(pod => NetworkedPod.Of(pod, nodeName), changed);
        _namespaces = new FactSink<V1Namespace, PolicyNamespace>(Records.Of, changed);
        _policies = new FactSink<PolicyObject, MultiPolicy>(MultiPolicy.Of, changed);
    }

    public IWatchSink<V1Pod> Pods => _pods;

    public IWatchSink<V1Namespace> Namespaces => _namespaces;

    public IWatchSink<PolicyObject> Policies => _policies;

    /// <summary>Completes when every kind has been listed once.</summary>
    public Task Listed => Task.WhenAll(_pods.Listed, _namespaces.Listed, _policies.Listed);

    /// <summary>A Pod of this node with its labels as the cluster knows them by now; as it is itself where the cluster does not know it (yet).</summary>
    public NetworkedPod Current(NetworkedPod own) =>
        _pods.Items.TryGetValue(Key(own), out var known) && known.Uid == own.Uid ? own with { Pod = known.Pod } : own;

    /// <summary>
    /// The cluster as one network shows it: Pods by their addresses there, and the policies for it. <paramref name="local"/> is this node's word on its own Pods,
    /// which the API server may not know yet; of two of one name, the one that came last.
    /// </summary>
    public PolicyCluster On(string network, IEnumerable<NetworkedPod> local)
    {
        var pods = new Dictionary<string, NetworkedPod>(_pods.Items, StringComparer.Ordinal);
        var others = new Dictionary<string, NetworkedPod>(StringComparer.Ordinal);
        foreach (var own in local)
        {
            var key = Key(own);
            if (pods.TryGetValue(key, out var known) && known.Uid == own.Uid)
            {
                pods[key] = own with { Pod = known.Pod };
            }
            else
            {
                others[key] = own;
            }
        }

        return new PolicyCluster(
            _namespaces.Items.Values, pods.Values.Concat(others.Values).Select(pod => pod.On(network)).OfType<PolicyPod>(),
            _policies.Items.Values.Where(policy => policy.Networks.Contains(network)).Select(policy => policy.Policy));
    }

    private static string Key(NetworkedPod pod) => $"{pod.Pod.Namespace}/{pod.Pod.Name}";
}
