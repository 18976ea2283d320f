using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Trunkline.Node.Network.Nft;
using Trunkline.Policy.Addresses;
using Trunkline.Policy.Model;

namespace Trunkline.Node.Network.Policies;

/// <summary>
/// NetworkPolicies as verdict maps and address sets. A map leads from a Pod's address to the chain of its rules; Pods under the same rules share the chain, whose
/// name is a hash of them, so that a change of rules is a new chain and one changed element. Peers are sets: Pods coming and going change elements only. Pure.
/// </summary>
internal sealed class PolicyRules
{
    /// <summary>Both ends of a Pod's own address: a Pod always reaches itself.</summary>
    public const string SelfSet = "own_address";
    public const string IngressMap = "ingress_pods";
    public const string EgressMap = "egress_pods";
    private readonly PolicyCluster _cluster;
    private readonly RulesPart _rules = new();
    private readonly HashSet<string> _named = new(StringComparer.Ordinal);

    private PolicyRules(PolicyCluster cluster) => _cluster = cluster;

    /// <summary>What every node has: the maps.</summary>
    public static void Declare(RulesPart rules)
    {
        rules.Add(new NftSet(SelfSet, "type ipv4_addr . ipv4_addr;"));
        rules.Add(new NftSet(IngressMap, "type ipv4_addr : verdict;") { IsMap = true });
        rules.Add(new NftSet(EgressMap, "type ipv4_addr : verdict;") { IsMap = true });
    }

    public static RulesPart Part(PolicyCluster cluster, string nodeName)
    {
        var builder = new PolicyRules(cluster);
        foreach (var pod in cluster.Pods.Where(pod => pod.IsSelectable && pod.NodeName == nodeName && Ipv4(pod) is not null))
        {
            var address = $"{Ipv4(pod)}";
            builder._rules.Add(SelfSet, $"{address} . {address}");
            builder._rules.Add(IngressMap, address, builder.VerdictOf(pod, TrafficDirection.Ingress));
            builder._rules.Add(EgressMap, address, builder.VerdictOf(pod, TrafficDirection.Egress));
        }

        return builder._rules;
    }

    private string VerdictOf(PolicyPod pod, TrafficDirection direction)
    {
        var isolating = _cluster.Isolating(pod, direction);
        if (isolating.Count == 0)
        {
            return "return";
        }

        var rules = isolating.SelectMany(policy => policy.Rules(direction).SelectMany(rule => Translate(policy, rule, direction, pod)))
            .Distinct().Order(StringComparer.Ordinal).Append("goto drop_counted").ToList();
        var name = $"{(direction == TrafficDirection.Ingress ? "in" : "out")}_{Hash(string.Join('\n', rules))}";
        if (_named.Add(name))
        {
            _rules.Add(new NftChain(name, null, rules));
        }

        return $"goto {name}";
    }

    private IEnumerable<string> Translate(NetworkPolicy policy, PolicyRule rule, TrafficDirection direction, PolicyPod pod)
    {
        // A name in ports means something else at each destination: at this Pod for ingress, at each peer for egress.
        var named = rule.Ports.Where(port => port.Name is not null).ToList();
        var ports = rule.Ports.Where(port => port.Name is null).Select(Element).ToList();
        if (direction == TrafficDirection.Ingress)
        {
            ports.AddRange(named.SelectMany(port => Resolve(port, pod)).Select(number => $"{number.Protocol.Lower()} . {number.Number}"));
        }
        else if (named.Count > 0)
        {
            yield return $"ip daddr . meta l4proto . th dport @{AddNamedPorts(policy, rule, named)} return";
        }

        if (rule.Ports.Count > 0 && ports.Count == 0)
        {
            yield break;
        }

        var peers = rule.Peers.Count == 0 ? "" : $"ip {(direction == TrafficDirection.Ingress ? "saddr" : "daddr")} @{AddPeers(policy, rule)} ";
        if (rule.Ports.Count == 0)
        {
            yield return $"{peers}return";
            yield break;
        }

        foreach (var port in ports.Distinct())
        {
            yield return $"{peers}{Match(port)} return";
        }
    }

    // "sctp . 30102" as a match of its own: an anonymous set of overlapping ranges would be refused by the kernel.
    private static string Match(string port)
    {
        var parts = port.Split(" . ");
        return parts[1] == "0-65535" ? $"meta l4proto {parts[0]}" : $"meta l4proto {parts[0]} th dport {parts[1]}";
    }

    private static string Element(PolicyPort port)
    {
        var range = port switch
        {
            { Number: null } => "0-65535",
            { Number: { } low, EndNumber: { } high } when high != low => $"{low}-{high}",
            _ => $"{port.Number}",
        };
        return $"{port.Protocol.Lower()} . {range}";
    }

    private static IEnumerable<NamedPort> Resolve(PolicyPort port, PolicyPod pod) =>
        pod.Ports.Where(declared => declared.Name == port.Name && declared.Protocol == port.Protocol);

    private string AddPeers(NetworkPolicy policy, PolicyRule rule)
    {
        // Named by what it says and not by who matches now, so that the set outlives its members.
        var name = $"peers_{Hash($"{policy.Namespace}\n{string.Join('\n', rule.Peers)}")}";
        if (_named.Add(name))
        {
            var ranges = rule.Peers.SelectMany(peer => peer.IpBlock is { } block
                ? AddressRanges.Of(block).In(AddressFamily.InterNetwork)
                : Members(policy, peer).Select(pod => AddressRange.Of(Ipv4(pod)!)));
            AddSet(new NftSet(name, "type ipv4_addr; flags interval;") { IsInterval = true }, AddressRanges.Union(ranges).Select(range => $"{range}"));
        }

        return name;
    }

    private string AddNamedPorts(NetworkPolicy policy, PolicyRule rule, List<PolicyPort> named)
    {
        var name = $"ports_{Hash($"{policy.Namespace}\n{string.Join('\n', rule.Peers)}\n{string.Join('\n', named)}")}";
        if (_named.Add(name))
        {
            var pods = rule.Peers.Count == 0 ? _cluster.Pods.Where(pod => pod.IsSelectable) : rule.Peers.SelectMany(peer => NamedPortOwners(policy, peer));
            var keys = pods.Where(pod => Ipv4(pod) is not null)
                .SelectMany(pod => named.SelectMany(port => Resolve(port, pod)).Select(number => $"{Ipv4(pod)} . {number.Protocol.Lower()} . {number.Number}"));
            AddSet(new NftSet(name, "type ipv4_addr . inet_proto . inet_service;"), keys);
        }

        return name;
    }

    private void AddSet(NftSet set, IEnumerable<string> keys)
    {
        _rules.Add(set);
        foreach (var key in keys)
        {
            _rules.Add(set.Name, key);
        }
    }

    // An ipBlock matches Pods' addresses too, and a Pod found by its address still declares its ports.
    private IEnumerable<PolicyPod> NamedPortOwners(NetworkPolicy policy, PolicyPeer peer) => peer.IpBlock is { } block
        ? _cluster.Pods.Where(pod => pod.IsSelectable && Ipv4(pod) is { } address && block.Contains(address))
        : Members(policy, peer);

    private IEnumerable<PolicyPod> Members(NetworkPolicy policy, PolicyPeer peer) =>
        _cluster.Pods.Where(pod => _cluster.Selects(peer, policy.Namespace, pod) && Ipv4(pod) is not null);

    private static IPAddress? Ipv4(PolicyPod pod) => pod.AddressOf(AddressFamily.InterNetwork);

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));
}
