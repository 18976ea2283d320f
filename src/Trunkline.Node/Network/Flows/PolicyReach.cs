using System.Net;
using Trunkline.Node.Network.Cluster;
using Trunkline.Node.Network.Policies;
using Trunkline.Policy.Model;

namespace Trunkline.Node.Network.Flows;

/// <summary>Remembers who has which address and which policies there are, to say of a change whose flows it may have made wrong. No I/O.</summary>
internal sealed class PolicyReach(string nodeName)
{
    private readonly Dictionary<string, PolicyPod> _pods = new(StringComparer.Ordinal);
    private readonly Dictionary<string, NetworkPolicy> _policies = new(StringComparer.Ordinal);
    private readonly Dictionary<IPAddress, string> _here = [];
    private string _nodes = "";

    /// <summary>Whether a Pod of this node has the address.</summary>
    public bool IsHere(IPAddress address) => _here.ContainsKey(address);

    /// <summary>Addresses one of which stands in every flow that the change may deny; null: in any flow.</summary>
    public HashSet<IPAddress>? Apply(ClusterDelta delta)
    {
        var isEverybody = HasOtherNodes(delta.Nodes) || delta.IsWhole || delta.ClusterPolicies.Count > 0;
        if (delta.IsWhole)
        {
            _pods.Clear();
            _policies.Clear();
            _here.Clear();
        }

        var touched = new HashSet<IPAddress>();
        foreach (var (uid, record) in delta.Pods)
        {
            Put(uid, record is { Pod.IsSelectable: true } ? record.Pod : null, touched);
        }

        foreach (var (key, policy) in delta.Policies)
        {
            Put(key, policy, touched);
        }

        foreach (var name in delta.Namespaces.Select(change => change.Item?.Name ?? change.Key.TrimStart('/')))
        {
            touched.UnionWith(_pods.Values.Where(pod => pod.Namespace == name).SelectMany(pod => pod.Addresses));
        }

        return isEverybody ? null : touched;
    }

    private void Put(string uid, PolicyPod? pod, HashSet<IPAddress> touched)
    {
        var before = _pods.GetValueOrDefault(uid);
        if (before is null ? pod is null : pod is not null && PolicyIndex.Alike(before, pod))
        {
            return;
        }

        foreach (var address in before?.Addresses ?? [])
        {
            touched.Add(address);
            if (_here.GetValueOrDefault(address) == uid)
            {
                _here.Remove(address);
            }
        }

        if (pod is null)
        {
            _pods.Remove(uid);
            return;
        }

        _pods[uid] = pod;
        foreach (var address in pod.Addresses)
        {
            touched.Add(address);
            if (pod.NodeName == nodeName)
            {
                _here[address] = uid;
            }
        }
    }

    // Only Pods here are judged here, and only those that the policy selects, or selected.
    private void Put(string key, NetworkPolicy? policy, HashSet<IPAddress> touched)
    {
        var before = _policies.GetValueOrDefault(key);
        if (policy is null)
        {
            _policies.Remove(key);
        }
        else
        {
            _policies[key] = policy;
        }

        touched.UnionWith(_here.Where(pair => Selects(before, pair.Value) || Selects(policy, pair.Value)).Select(pair => pair.Key));
    }

    private bool Selects(NetworkPolicy? policy, string uid) => policy is not null && policy.Selects(_pods[uid]);

    private bool HasOtherNodes(IReadOnlyList<NodeRecord>? nodes)
    {
        if (nodes is null)
        {
            return false;
        }

        var before = _nodes;
        _nodes = string.Join('\n', nodes.OrderBy(node => node.Name, StringComparer.Ordinal).Select(node =>
            $"{node.Name} {string.Join(',', node.AllAddresses)} {string.Join(',', node.Labels.OrderBy(pair => pair.Key, StringComparer.Ordinal))}"));
        return _nodes != before;
    }
}
