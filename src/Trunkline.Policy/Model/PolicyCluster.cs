using System.Net;

namespace Trunkline.Policy.Model;

/// <summary>All that a verdict depends on, at one moment.</summary>
public sealed class PolicyCluster
{
    private readonly Dictionary<string, PolicyNamespace> _namespaces;
    private readonly ILookup<string, NetworkPolicy> _policies;
    private readonly Dictionary<IPAddress, PolicyPod> _byAddress = [];
    private readonly Dictionary<IPAddress, PolicyNode> _nodes = [];

    public PolicyCluster(
        IEnumerable<PolicyNamespace> namespaces, IEnumerable<PolicyPod> pods, IEnumerable<NetworkPolicy> policies, IEnumerable<PolicyNode>? nodes = null)
    {
        _namespaces = namespaces.ToDictionary(item => item.Name, StringComparer.Ordinal);
        Pods = [.. pods];
        _policies = policies.OrderBy(policy => policy.Name, StringComparer.Ordinal).ToLookup(policy => policy.Namespace, StringComparer.Ordinal);
        foreach (var pod in Pods.Where(pod => pod.IsSelectable))
        {
            _byAddress[pod.Address!] = pod;
        }

        foreach (var node in nodes ?? [])
        {
            foreach (var address in node.Addresses)
            {
                _nodes[address] = node;
            }
        }
    }

    public IReadOnlyList<PolicyPod> Pods { get; }

    /// <summary>Policies that isolate a Pod in a direction, by name.</summary>
    public IReadOnlyList<NetworkPolicy> Isolating(PolicyPod pod, TrafficDirection direction) => pod.HostNetwork
        ? []
        : [.. _policies[pod.Namespace].Where(policy => policy.Isolates(direction) && policy.Selects(pod))];

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
}
