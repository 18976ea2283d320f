using System.Collections.Concurrent;
using System.Net;

namespace Trunkline.Policy.Model;

/// <summary>All that a verdict depends on, at one moment.</summary>
public sealed class PolicyCluster
{
    private readonly Dictionary<string, PolicyNamespace> _namespaces;
    private readonly ILookup<string, NetworkPolicy> _policies;
    private readonly Dictionary<IPAddress, PolicyPod> _byAddress = [];
    private readonly Dictionary<IPAddress, PolicyNode> _nodes = [];

    // A Pod has many flows, and for each of them these are asked. Labels are compared as the object they are.
    private readonly ConcurrentDictionary<(string Namespace, string Pod, object Labels, TrafficDirection Direction), IReadOnlyList<NetworkPolicy>> _isolating = [];
    private readonly ConcurrentDictionary<(string Namespace, string Pod, object Labels, PolicyTier Tier, TrafficDirection Direction), IReadOnlyList<ClusterNetworkPolicy>> _subjecting = [];

    public PolicyCluster(
        IEnumerable<PolicyNamespace> namespaces, IEnumerable<PolicyPod> pods, IEnumerable<NetworkPolicy> policies, IEnumerable<PolicyNode>? nodes = null,
        IEnumerable<ClusterNetworkPolicy>? clusterPolicies = null)
    {
        _namespaces = namespaces.ToDictionary(item => item.Name, StringComparer.Ordinal);
        Pods = [.. pods];
        Policies = [.. policies.OrderBy(policy => policy.Name, StringComparer.Ordinal)];
        _policies = Policies.ToLookup(policy => policy.Namespace, StringComparer.Ordinal);
        ClusterPolicies = [.. (clusterPolicies ?? []).Order()];
        Nodes = [.. nodes ?? []];
        foreach (var pod in Pods.Where(pod => pod.IsSelectable))
        {
            foreach (var address in pod.Addresses)
            {
                _byAddress[address] = pod;
            }
        }

        foreach (var node in Nodes)
        {
            foreach (var address in node.Addresses)
            {
                _nodes[address] = node;
            }
        }
    }

    public IReadOnlyCollection<PolicyNamespace> Namespaces => _namespaces.Values;

    public IReadOnlyList<PolicyPod> Pods { get; }

    public IReadOnlyList<PolicyNode> Nodes { get; }

    /// <summary>By name, whatever the namespace.</summary>
    public IReadOnlyList<NetworkPolicy> Policies { get; }

    /// <summary>In the order in which they are asked: Admin before Baseline, then by priority, then by name.</summary>
    public IReadOnlyList<ClusterNetworkPolicy> ClusterPolicies { get; }

    /// <summary>NetworkPolicies of a namespace, by name.</summary>
    public IEnumerable<NetworkPolicy> PoliciesIn(string ns) => _policies[ns];

    /// <summary>Policies that isolate a Pod in a direction, by name.</summary>
    public IReadOnlyList<NetworkPolicy> Isolating(PolicyPod pod, TrafficDirection direction) => pod.HostNetwork
        ? []
        : _isolating.GetOrAdd((pod.Namespace, pod.Name, pod.Labels, direction), _ =>
            [.. _policies[pod.Namespace].Where(policy => policy.Isolates(direction) && policy.Selects(pod))]);

    /// <summary>ClusterNetworkPolicies of a tier whose subject a Pod is, in the order in which they are asked.</summary>
    public IReadOnlyList<ClusterNetworkPolicy> Subjecting(PolicyPod pod, PolicyTier tier, TrafficDirection direction) => pod.HostNetwork || ClusterPolicies.Count == 0
        ? []
        : _subjecting.GetOrAdd((pod.Namespace, pod.Name, pod.Labels, tier, direction), _ =>
            [.. ClusterPolicies.Where(policy => policy.Tier == tier && policy.Rules(direction).Count > 0 && IsAmong(policy.Subject, pod))]);

    /// <summary>A namespace that nobody declared has the one label every namespace has.</summary>
    public IReadOnlyDictionary<string, string> NamespaceLabels(string name) => _namespaces.TryGetValue(name, out var found)
        ? found.Labels
        : new Dictionary<string, string> { ["kubernetes.io/metadata.name"] = name };

    public PolicyPod? PodAt(IPAddress address) => _byAddress.GetValueOrDefault(address);

    public PolicyNode? NodeAt(IPAddress address) => _nodes.GetValueOrDefault(address);

    /// <summary>Whether a peer of a policy in <paramref name="policyNamespace"/> selects this Pod by its labels.</summary>
    public bool Selects(PolicyPeer peer, string policyNamespace, PolicyPod pod)
    {
        if (peer.IpBlock is not null || (peer.PodSelector is null && peer.NamespaceSelector is null) || !pod.IsSelectable)
        {
            return false;
        }

        var inNamespace = peer.NamespaceSelector?.Matches(NamespaceLabels(pod.Namespace)) ?? pod.Namespace == policyNamespace;
        return inNamespace && (peer.PodSelector is null || peer.PodSelector.Matches(pod.Labels));
    }

    /// <summary>Whether a peer of a ClusterNetworkPolicy selects this Pod by its labels.</summary>
    public bool Selects(ClusterPolicyPeer peer, PolicyPod pod) => peer.Pods is { } pods && pod.IsSelectable && IsAmong(pods, pod);

    private bool IsAmong(NamespacedPods pods, PolicyPod pod) =>
        !pod.HostNetwork && pods.PodSelector.Matches(pod.Labels) && pods.NamespaceSelector.Matches(NamespaceLabels(pod.Namespace));
}
