using System.Net;
using System.Net.Sockets;
using Trunkline.Policy.Addresses;
using Trunkline.Policy.Compiled;
using Trunkline.Policy.Model;

namespace Trunkline.Policy.Findings;

/// <summary>
/// Whether two chains say the same of everything: of every Pod of the cluster and every address, at every port. Ports and addresses are tried at one point of each stretch
/// between the borders that the rules themselves draw, which is all that can differ.
/// </summary>
internal sealed class ChainComparer(PolicyCluster cluster, PodIndex index, TrafficDirection direction)
{
    private readonly Dictionary<(AddressFamily Family, UInt128 First), UInt128> _strangers = [];
    private readonly Dictionary<(CompiledPorts Ports, TransportProtocol Protocol, int Port), PodSet> _declaring = [];

    /// <param name="one">A chain.</param>
    /// <param name="other">Another.</param>
    /// <param name="pods">Who is under it.</param>
    /// <param name="rule">The only rule in which they differ; null where more may.</param>
    public bool AreSame(RuleChain one, RuleChain other, IReadOnlyList<int> pods, CompiledRule? rule)
    {
        var rules = All(one).Concat(All(other)).Distinct(ReferenceEqualityComparer.Instance).Cast<CompiledRule>().ToList();
        var declarations = Declarations(rules, pods);
        var strangers = Strangers(rules, pods).Where(stranger => rule?.Peers is not { } peers || peers.Contains(stranger.Address)).ToList();
        foreach (var (protocol, port) in Ports(rules, declarations))
        {
            foreach (var declared in direction == TrafficDirection.Ingress ? At(declarations, protocol, port) : [[]])
            {
                if (rule is not null && !Touches(rule, protocol, port, declared))
                {
                    continue;
                }

                if (!AreSame(one, other, pods, protocol, port, declared) || strangers.Exists(stranger => Allows(one, stranger) != Allows(other, stranger)))
                {
                    return false;
                }

                bool Allows(RuleChain chain, (IPAddress Address, bool IsOwnNode) stranger) =>
                    chain.Allows(peers => peers.Contains(stranger.Address), stranger.IsOwnNode, protocol, port, declared);
            }
        }

        return true;
    }

    private bool Touches(CompiledRule rule, TransportProtocol protocol, int port, NamedPort[] declared) =>
        rule.MatchesPort(protocol, port, declared) || (direction == TrafficDirection.Egress && rule.Ports!.HasNames);

    // Of what Pods declare only names at this very port count.
    private static IEnumerable<NamedPort[]> At(List<NamedPort[]> declarations, TransportProtocol protocol, int port) => declarations
        .Select(ports => ports.Where(declared => declared.Protocol == protocol && declared.Number == port).ToArray())
        .DistinctBy(ports => string.Join('|', ports.Select(declared => declared.Name).Order(StringComparer.Ordinal)));

    private bool AreSame(RuleChain one, RuleChain other, IReadOnlyList<int> pods, TransportProtocol protocol, int port, NamedPort[] declared)
    {
        foreach (var family in index.HasIpv6 ? [AddressFamily.InterNetwork, AddressFamily.InterNetworkV6] : new[] { AddressFamily.InterNetwork })
        {
            var (first, second) = (Peers(one), Peers(other));
            // A Pod reaches itself whatever a chain says.
            if (pods is [var only])
            {
                first.Add(only);
                second.Add(only);
            }

            if (!first.And(index.Selectable).IsSame(second.And(index.Selectable)))
            {
                return false;
            }

            PodSet Peers(RuleChain chain) => chain.AllowedPeers(index.Count, family, rule => At(rule, protocol, port, declared));
        }

        return true;
    }

    private PodSet? At(CompiledRule rule, TransportProtocol protocol, int port, NamedPort[] declared)
    {
        if (rule.Ports is null || rule.Ports.HasNumber(protocol, port))
        {
            return PodSet.All(index.Count);
        }

        if (!rule.Ports.HasNames)
        {
            return null;
        }

        if (direction == TrafficDirection.Ingress)
        {
            return rule.Ports.HasNamed(protocol, port, declared) ? PodSet.All(index.Count) : null;
        }

        if (!_declaring.TryGetValue((rule.Ports, protocol, port), out var declaring))
        {
            _declaring[(rule.Ports, protocol, port)] = declaring = new PodSet(index.Count);
            foreach (var pod in index.OnNetwork.Indexes().Where(pod => rule.Ports.HasNamed(protocol, port, [.. cluster.Pods[pod].Ports])))
            {
                declaring.Add(pod);
            }
        }

        return declaring.Clone();
    }

    private static IEnumerable<CompiledRule> All(RuleChain chain) => chain.Admin.Concat(chain.Allowed).Concat(chain.Baseline);

    // In ingress names mean what the Pods themselves declare.
    private List<NamedPort[]> Declarations(List<CompiledRule> rules, IReadOnlyList<int> pods) => rules.Exists(rule => rule.Ports?.HasNames ?? false)
        ? [.. (direction == TrafficDirection.Ingress ? pods : Enumerable.Range(0, index.Count)).Select(pod => cluster.Pods[pod].Ports.ToArray())
            .DistinctBy(ports => string.Join('|', ports.Select(port => $"{port.Name} {port.Protocol} {port.Number}")))]
        : [[]];

    private static IEnumerable<(TransportProtocol Protocol, int Port)> Ports(List<CompiledRule> rules, List<NamedPort[]> declarations)
    {
        var names = rules.SelectMany(rule => rule.Ports?.Names ?? []).Select(name => name.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var protocol in Enum.GetValues<TransportProtocol>())
        {
            var borders = new SortedSet<int> { 1 };
            foreach (var range in rules.SelectMany(rule => rule.Ports?.Ranges ?? []).Where(range => range.Protocol == protocol))
            {
                borders.UnionWith([range.First, range.Last + 1]);
            }

            foreach (var port in declarations.SelectMany(ports => ports).Where(port => port.Protocol == protocol && names.Contains(port.Name)))
            {
                borders.UnionWith([port.Number, port.Number + 1]);
            }

            foreach (var port in borders.Where(port => port is >= 1 and <= 65535))
            {
                yield return (protocol, port);
            }
        }
    }

    // A Pod and its own node are a case of their own: NetworkPolicies do not keep them apart, and nothing keeps the node from the Pod.
    private IEnumerable<(IPAddress Address, bool IsOwnNode)> Strangers(List<CompiledRule> rules, IReadOnlyList<int> pods)
    {
        var nodes = pods.Select(pod => cluster.Pods[pod].NodeName).ToHashSet();
        foreach (var address in Addresses(rules).Concat(cluster.Nodes.Where(node => nodes.Contains(node.Name)).SelectMany(node => node.Addresses)).Distinct())
        {
            var isOwnNode = cluster.NodeAt(address) is { } node && nodes.Contains(node.Name) && cluster.PodAt(address) is null;
            if (isOwnNode && direction == TrafficDirection.Egress)
            {
                yield return (address, true);
            }

            if (cluster.PodAt(address) is null && !(isOwnNode && nodes.Count == 1))
            {
                yield return (address, false);
            }
        }
    }

    // One address of each stretch that no Pod holds, and those of nodes that rules name.
    private List<IPAddress> Addresses(List<CompiledRule> rules)
    {
        var found = rules.SelectMany(rule => rule.Peers?.NodeAddresses ?? []).ToHashSet();
        foreach (var family in new[] { AddressFamily.InterNetwork, AddressFamily.InterNetworkV6 })
        {
            var last = family == AddressFamily.InterNetwork ? uint.MaxValue : UInt128.MaxValue;
            var borders = new SortedSet<UInt128> { 0 };
            foreach (var range in rules.SelectMany(rule => rule.Peers?.Ranges ?? []).In(family))
            {
                borders.Add(range.First);
                if (range.Last < last)
                {
                    borders.Add(range.Last + 1);
                }
            }

            var starts = borders.ToList();
            for (var at = 0; at < starts.Count; at++)
            {
                var end = at + 1 < starts.Count ? starts[at + 1] - 1 : last;
                if (FirstStranger(family, starts[at], end) is { } address)
                {
                    found.Add(address);
                }
            }
        }

        return [.. found];
    }

    // The first address from here on that no Pod holds; remembered, for Pods' addresses lie close together.
    private IPAddress? FirstStranger(AddressFamily family, UInt128 first, UInt128 last)
    {
        if (!_strangers.TryGetValue((family, first), out var number))
        {
            number = first;
            while (number < UInt128.MaxValue && cluster.PodAt(AddressRange.ToAddress(family, number)) is not null)
            {
                number++;
            }

            _strangers[(family, first)] = number;
        }

        return number <= last ? AddressRange.ToAddress(family, number) : null;
    }
}
