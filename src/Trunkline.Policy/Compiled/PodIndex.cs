using System.Net.Sockets;
using Trunkline.Policy.Addresses;
using Trunkline.Policy.Model;

namespace Trunkline.Policy.Compiled;

/// <summary>A cluster's Pods by number, and quick answers to "which Pods".</summary>
internal sealed class PodIndex
{
    private readonly PolicyCluster _cluster;
    private readonly Dictionary<PolicyPod, int> _numbers = new(ReferenceEqualityComparer.Instance);
    private readonly LabelIndex _labels;
    private readonly LabelIndex _namespaceLabels;
    private readonly List<string> _namespaces = [];
    private readonly Dictionary<string, PodSet> _inNamespace = new(StringComparer.Ordinal);
    private readonly (UInt128 Address, int Pod)[] _ipv4;
    private readonly (UInt128 Address, int Pod)[] _ipv6;

    public PodIndex(PolicyCluster cluster)
    {
        _cluster = cluster;
        Selectable = new PodSet(Count);
        OnNetwork = new PodSet(Count);
        for (var pod = 0; pod < Count; pod++)
        {
            Register(cluster.Pods[pod], pod);
        }

        _labels = new LabelIndex([.. cluster.Pods.Select(pod => pod.Labels)]);
        _namespaceLabels = new LabelIndex([.. _namespaces.Select(cluster.NamespaceLabels)]);
        _ipv4 = Sorted(AddressFamily.InterNetwork);
        _ipv6 = Sorted(AddressFamily.InterNetworkV6);
    }

    public int Count => _cluster.Pods.Count;

    /// <summary>Those that selectors of peers can find.</summary>
    public PodSet Selectable { get; }

    /// <summary>Those that policies can be about.</summary>
    public PodSet OnNetwork { get; }

    public bool HasIpv6 => _ipv6.Length > 0;

    public int NumberOf(PolicyPod pod) => _numbers[pod];

    public PodSet InNamespace(string ns) => _inNamespace.TryGetValue(ns, out var pods) ? pods : new PodSet(Count);

    public PodSet Select(LabelSelector pods) => pods.IsEverything ? PodSet.All(Count) : _labels.Select(pods);

    public PodSet Select(NamespacedPods pods) => InNamespaces(pods.NamespaceSelector).And(Select(pods.PodSelector));

    /// <summary>Whom a peer finds by labels.</summary>
    public PodSet Select(PolicyPeer peer, string policyNamespace)
    {
        if (peer.IpBlock is not null || (peer.PodSelector is null && peer.NamespaceSelector is null))
        {
            return new PodSet(Count);
        }

        var found = peer.NamespaceSelector is { } selector ? InNamespaces(selector) : InNamespace(policyNamespace).Clone();
        return found.And(Select(peer.PodSelector ?? LabelSelector.Everything)).And(Selectable);
    }

    /// <summary>Selectable Pods with an address of this family in one of the ranges.</summary>
    public void AddAt(PodSet found, IEnumerable<AddressRange> ranges, AddressFamily family)
    {
        var addresses = family == AddressFamily.InterNetwork ? _ipv4 : _ipv6;
        foreach (var range in ranges.In(family))
        {
            var at = Array.BinarySearch(addresses, (range.First, -1));
            for (at = at < 0 ? ~at : at; at < addresses.Length && addresses[at].Address <= range.Last; at++)
            {
                found.Add(addresses[at].Pod);
            }
        }
    }

    private PodSet InNamespaces(LabelSelector selector)
    {
        if (selector.IsEverything)
        {
            return PodSet.All(Count);
        }

        var found = new PodSet(Count);
        foreach (var index in _namespaceLabels.Select(selector).Indexes())
        {
            found.Or(_inNamespace[_namespaces[index]]);
        }

        return found;
    }

    private void Register(PolicyPod pod, int number)
    {
        _numbers[pod] = number;
        if (!_inNamespace.TryGetValue(pod.Namespace, out var there))
        {
            _inNamespace[pod.Namespace] = there = new PodSet(Count);
            _namespaces.Add(pod.Namespace);
        }

        there.Add(number);
        if (pod.IsSelectable)
        {
            Selectable.Add(number);
        }

        if (!pod.HostNetwork && !pod.Completed)
        {
            OnNetwork.Add(number);
        }
    }

    private (UInt128 Address, int Pod)[] Sorted(AddressFamily family) =>
    [
        .. Selectable.Indexes().Select(pod => (Address: _cluster.Pods[pod].AddressOf(family), Pod: pod))
            .Where(item => item.Address is not null).Select(item => (AddressRange.ToNumber(item.Address!), item.Pod)).Order(),
    ];
}
