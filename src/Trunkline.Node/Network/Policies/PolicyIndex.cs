using Trunkline.Node.Network.Cluster;
using Trunkline.Node.Network.Nft;
using Trunkline.Policy.Model;

namespace Trunkline.Node.Network.Policies;

/// <summary>
/// Keeps what of the rules comes from policies as the cluster has it, with work in proportion to what changes: Pods with the same labels are asked about once, chains
/// are named by what they say, and a Pod that comes, goes or changes its labels is a few elements of sets. No I/O.
/// </summary>
internal sealed class PolicyIndex
{
    private readonly RulesTable _table;
    private readonly string _nodeName;
    private readonly RuleChains _chains;
    private readonly Dictionary<string, PodState> _pods = new(StringComparer.Ordinal);
    private readonly PodKinds _kinds = new();
    private readonly PeerMembers _members;
    private readonly Dictionary<string, PolicyNamespace> _namespaces = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PolicyState> _policies = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Dictionary<string, PolicyState>> _policiesByNamespace = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ClusterNetworkPolicy> _clusterPolicies = new(StringComparer.Ordinal);
    private readonly HashSet<PodKind> _dirty = [];
    private IReadOnlyList<PolicyNode> _nodes = [];
    private KindVerdicts _verdicts = new([], []);

    public PolicyIndex(RulesTable table, string nodeName)
    {
        (_table, _nodeName) = (table, nodeName);
        _members = new PeerMembers(table, _kinds);
        _chains = new RuleChains(table, _members.Fill, _members.Drain);
    }

    public void Apply(ClusterDelta delta)
    {
        if (delta.IsWhole)
        {
            RemoveAbsent(delta);
        }

        if (delta.Nodes is { } nodes)
        {
            _nodes = [.. nodes.Select(node => new PolicyNode(node.Name, node.AllAddresses) { Labels = node.Labels })];
        }

        ApplyNamespaces(delta.Namespaces);
        foreach (var (key, policy) in delta.Policies)
        {
            Put(key, policy);
        }

        ApplyClusterPolicies(delta);
        foreach (var (uid, pod) in delta.Pods)
        {
            Put(uid, pod?.Pod);
        }

        foreach (var kind in _dirty)
        {
            Judge(kind);
        }

        _dirty.Clear();
        _chains.RemoveIdle();
    }

    private void RemoveAbsent(ClusterDelta delta)
    {
        foreach (var uid in Absent(_pods.Keys, delta.Pods))
        {
            Put(uid, (PolicyPod?)null);
        }

        foreach (var key in Absent(_policies.Keys, delta.Policies))
        {
            Put(key, (NetworkPolicy?)null);
        }

        ApplyNamespaces([.. Absent(_namespaces.Keys, delta.Namespaces).Select(name => new Change<PolicyNamespace>(name, null))]);
        foreach (var key in Absent(_clusterPolicies.Keys, delta.ClusterPolicies))
        {
            _clusterPolicies.Remove(key);
        }
    }

    private static List<string> Absent<T>(IEnumerable<string> known, IReadOnlyList<Change<T>> there)
        where T : class
    {
        var keys = there.Where(change => change.Item is not null).Select(change => change.Key).ToHashSet(StringComparer.Ordinal);
        return [.. known.Where(key => !keys.Contains(key))];
    }

    private void ApplyNamespaces(IReadOnlyList<Change<PolicyNamespace>> changes)
    {
        foreach (var (key, item) in changes)
        {
            var name = item?.Name ?? _namespaces.GetValueOrDefault(key)?.Name;
            if (item is null)
            {
                _namespaces.Remove(key);
            }
            else
            {
                _namespaces[key] = item;
            }

            if (name is null)
            {
                continue;
            }

            _kinds.Declare(name, item?.Labels);
            foreach (var kind in _kinds.In(name))
            {
                _members.Join(kind);
                _dirty.Add(kind);
            }
        }
    }

    private void ApplyClusterPolicies(ClusterDelta delta)
    {
        foreach (var (key, policy) in delta.ClusterPolicies)
        {
            if (policy is null)
            {
                _clusterPolicies.Remove(key);
            }
            else
            {
                _clusterPolicies[key] = policy;
            }
        }

        if (delta.IsWhole || delta.ClusterPolicies.Count > 0 || (delta.Nodes is not null && _clusterPolicies.Count > 0))
        {
            _verdicts = new KindVerdicts([.. _clusterPolicies.Values.Order()], _nodes);
            _dirty.UnionWith(_kinds.All.Where(kind => kind.LocalPods.Count > 0));
        }
    }

    private void Put(string key, NetworkPolicy? policy)
    {
        if (policy is not null && ReferenceEquals(_policies.GetValueOrDefault(key)?.Policy, policy))
        {
            return;
        }

        if (_policies.Remove(key, out var before))
        {
            _policiesByNamespace[before.Policy.Namespace].Remove(key);
            foreach (var kind in _kinds.In(before.Policy.Namespace).Where(kind => kind.Policies.Remove(key)))
            {
                _dirty.Add(kind);
            }
        }

        if (policy is null)
        {
            return;
        }

        var state = new PolicyState(policy);
        _policies[key] = state;
        (_policiesByNamespace.TryGetValue(policy.Namespace, out var there) ? there : _policiesByNamespace[policy.Namespace] = new(StringComparer.Ordinal))[key] = state;
        foreach (var kind in _kinds.In(policy.Namespace).Where(kind => policy.PodSelector.Matches(kind.Labels)))
        {
            kind.Policies[key] = state;
            _dirty.Add(kind);
        }
    }

    private void Put(string uid, PolicyPod? pod)
    {
        var before = _pods.GetValueOrDefault(uid);
        if (pod is { IsSelectable: false })
        {
            pod = null;
        }

        // What is the same for policies is not touched: a Pod's status changes often.
        if (before is null ? pod is null : pod is not null && Alike(before.Pod, pod))
        {
            return;
        }

        // The new before the old: what both claim stays.
        if (pod is not null)
        {
            Come(new PodState(uid, pod, KindOf(pod)), before);
        }

        if (before is not null)
        {
            Leave(before, pod is null ? null : _pods[uid]);
        }
    }

    /// <summary>Whether policies cannot tell them apart.</summary>
    public static bool Alike(PolicyPod left, PolicyPod right) => left.Namespace == right.Namespace && left.NodeName == right.NodeName
        && left.Addresses.SequenceEqual(right.Addresses) && left.Ports.SequenceEqual(right.Ports)
        && left.Labels.Count == right.Labels.Count && left.Labels.All(pair => right.Labels.TryGetValue(pair.Key, out var value) && value == pair.Value);

    private void Come(PodState pod, PodState? before)
    {
        _pods[pod.Uid] = pod;
        pod.Kind.Pods.Add(pod);
        _members.Enter(pod);
        if (pod.Pod.NodeName == _nodeName)
        {
            // Elements that stand under its addresses go on from what they are.
            foreach (var (map, verdict) in before?.Verdicts ?? [])
            {
                pod.Verdicts[map] = verdict;
            }

            pod.Kind.LocalPods.Add(pod);
            _dirty.Add(pod.Kind);
        }
    }

    private void Leave(PodState pod, PodState? after)
    {
        pod.Kind.Pods.Remove(pod);
        pod.Kind.LocalPods.Remove(pod);
        _members.Exit(pod, after);
        if (after is null)
        {
            _pods.Remove(pod.Uid);
        }

        if (after is null || after.Pod.NodeName != _nodeName)
        {
            PodVerdicts.Remove(_table, _chains, pod);
        }

        if (pod.Kind.Pods.Count == 0)
        {
            _kinds.Remove(pod.Kind);
            _dirty.Remove(pod.Kind);
        }
    }

    private PodKind KindOf(PolicyPod pod)
    {
        var kind = _kinds.Of(pod, out var isNew);
        if (isNew)
        {
            _members.Join(kind);
            foreach (var (policy, state) in (_policiesByNamespace.GetValueOrDefault(pod.Namespace) ?? []).Where(pair => pair.Value.Policy.PodSelector.Matches(pod.Labels)))
            {
                kind.Policies[policy] = state;
            }
        }

        return kind;
    }

    private void Judge(PodKind kind)
    {
        var labels = _kinds.LabelsOf(kind.Namespace);
        foreach (var words in AddressWords.Both)
        {
            var pods = kind.LocalPods.Where(pod => pod.Pod.AddressOf(words.Family) is not null || pod.Verdicts.ContainsKey(PolicyRules.SelfSet + words.Suffix)).ToList();
            if (pods.Count == 0)
            {
                continue;
            }

            var verdicts = new PodVerdicts(
                words, _verdicts.ChainOf(kind, labels, TrafficDirection.Ingress, words), _verdicts.ChainOf(kind, labels, TrafficDirection.Egress, words),
                _verdicts.ChainToNode(kind, labels, words));
            foreach (var pod in pods)
            {
                verdicts.Put(_table, _chains, pod);
            }
        }
    }
}
