using System.Net.Sockets;
using Trunkline.Policy.Evaluation;
using Trunkline.Policy.Model;

namespace Trunkline.Policy.Compiled;

/// <summary>
/// A cluster's policies prepared for many questions. It says allowed or not, and no more; <see cref="PolicyEvaluator"/> says why, and both always say the same. Never
/// changes: another cluster is compiled anew.
/// </summary>
public sealed class CompiledPolicies
{
    private readonly PodIndex _index;
    private readonly PodSet _plain;
    private readonly NamedPort[][] _declared;

    private CompiledPolicies(PolicyCluster cluster)
    {
        Cluster = cluster;
        _index = new PodIndex(cluster);
        var compiler = new RuleCompiler(cluster, _index);
        Egress = new ChainBuilder(cluster, _index, compiler, TrafficDirection.Egress).Build();
        Ingress = new ChainBuilder(cluster, _index, compiler, TrafficDirection.Ingress).Build();
        _declared = [.. cluster.Pods.Select(pod => pod.Ports.ToArray())];
        _plain = PlainPods();
    }

    public PolicyCluster Cluster { get; }

    public IReadOnlyList<PolicyPod> Pods => Cluster.Pods;

    internal RuleChain?[] Egress { get; }

    internal RuleChain?[] Ingress { get; }

    public static CompiledPolicies Compile(PolicyCluster cluster) => new(cluster);

    /// <summary>The Pod's place in <see cref="Pods"/>; the very object has to be the cluster's.</summary>
    public int IndexOf(PolicyPod pod) => _index.NumberOf(pod);

    /// <summary>Whether a Pod may begin a flow to another, by their places in <see cref="Pods"/>.</summary>
    public bool IsAllowed(int source, int destination, TransportProtocol protocol, int port, AddressFamily family = AddressFamily.InterNetwork)
    {
        if (source == destination)
        {
            return true;
        }

        if (!_plain.Contains(source) || !_plain.Contains(destination))
        {
            return IsAllowed(FlowEnd.Of(Pods[source], family), FlowEnd.Of(Pods[destination], family), protocol, port);
        }

        var declared = _declared[destination];
        return (Egress[source]?.Allows(destination, family, protocol, port, declared) ?? true)
            && (Ingress[destination]?.Allows(source, family, protocol, port, declared) ?? true);
    }

    /// <summary>Whether a flow may begin between any two ends.</summary>
    public bool IsAllowed(FlowEnd source, FlowEnd destination, TransportProtocol protocol, int port) =>
        IsAllowed(TrafficDirection.Egress, source, destination, protocol, port) && IsAllowed(TrafficDirection.Ingress, source, destination, protocol, port);

    /// <summary>What one end's policies alone say.</summary>
    public bool IsAllowed(TrafficDirection direction, FlowEnd source, FlowEnd destination, TransportProtocol protocol, int port)
    {
        var family = FlowEnd.FamilyOf(source, destination);
        (source, destination) = (source.Resolve(Cluster, family), destination.Resolve(Cluster, family));
        var declared = destination.Pod is { } pod ? _declared[_index.NumberOf(pod)] : [];
        return direction == TrafficDirection.Egress
            ? Allows(Egress, source, destination, direction, protocol, port, declared, family)
            : Allows(Ingress, destination, source, direction, protocol, port, declared, family);
    }

    internal NamedPort[] Declared(int pod) => _declared[pod];

    /// <summary>Every verdict between Pods at one port.</summary>
    public PolicyMatrix Matrix(TransportProtocol protocol, int port, AddressFamily family = AddressFamily.InterNetwork) => new(this, _plain, protocol, port, family);

    private bool Allows(
        RuleChain?[] chains, FlowEnd self, FlowEnd other, TrafficDirection direction, TransportProtocol protocol, int port, NamedPort[] declared,
        AddressFamily family)
    {
        if (self.Pod is not { } pod || ReferenceEquals(pod, other.Pod) || (other.Address is not null && other.Address.Equals(self.Address)))
        {
            return true;
        }

        var ownNode = other.Pod is null && other.Address is not null && pod.NodeName is not null && Cluster.NodeAt(other.Address)?.Name == pod.NodeName;
        if (chains[_index.NumberOf(pod)] is not { } chain || (ownNode && direction == TrafficDirection.Ingress))
        {
            return true;
        }

        return other.Pod is { } peer
            ? chain.Allows(_index.NumberOf(peer), family, protocol, port, declared)
            : chain.Allows(peers => other.Address is not null && peers.Contains(other.Address), ownNode, protocol, port, declared);
    }

    // Pods whose verdicts depend on nothing but sets: those on their node's network, completed ones and those that share an address need the long way.
    private PodSet PlainPods()
    {
        var plain = _index.Selectable.Clone();
        foreach (var pod in _index.Selectable.Indexes().Where(pod => Pods[pod].Addresses.Any(address => !ReferenceEquals(Cluster.PodAt(address), Pods[pod]))).ToList())
        {
            plain.Remove(pod);
            foreach (var holder in Pods[pod].Addresses.Select(Cluster.PodAt).OfType<PolicyPod>())
            {
                plain.Remove(_index.NumberOf(holder));
            }
        }

        return plain;
    }
}
