using Trunkline.Policy.Addresses;
using Trunkline.Policy.Model;

namespace Trunkline.Node.Network.Policies;

/// <summary>Rules of policies as lines of a chain, for one direction and family. Pure: who is a peer stands in sets, so the lines change with the policy only.</summary>
internal sealed class PolicyLines(TrafficDirection direction, AddressWords words)
{
    private readonly List<string> _lines = [];
    private readonly HashSet<string> _said = new(StringComparer.Ordinal);
    private readonly List<SetUse> _sets = [];

    public IReadOnlyList<string> Lines => _lines;

    /// <summary>The sets that the lines ask.</summary>
    public IReadOnlyList<SetUse> Sets => _sets;

    /// <summary>What is allowed is accepted; what no line knows comes back to the caller.</summary>
    public void Add(NetworkPolicy policy)
    {
        foreach (var rule in policy.Rules(direction))
        {
            var ports = rule.Ports.Select(port => port.Name is { } name
                ? new PortMatch(port.Protocol, name, 0, 0)
                : new PortMatch(port.Protocol, null, port.Number ?? 0, port.Number is null ? 65535 : port.EndNumber ?? port.Number.Value));
            Add(rule.Peers.Count == 0 ? [""] : Peers(policy, rule), rule.Ports.Count == 0 ? [""] : Ports(ports), "accept");
        }
    }

    /// <summary>The first line that matches decides; to pass is to come back to the caller.</summary>
    public void Add(ClusterNetworkPolicy policy, IEnumerable<PolicyNode> nodes)
    {
        foreach (var rule in policy.Rules(direction).Where(rule => !rule.MatchesNothing))
        {
            var verdict = rule.Effect switch
            {
                ClusterPolicyAction.Accept => "accept",
                ClusterPolicyAction.Deny => $"goto {PolicyRules.DropChain}",
                _ => "return",
            };
            var ports = rule.Ports.Select(port => new PortMatch(port.Protocol, port.Name, port.First, port.Last));
            Add(rule.MatchesEverything ? [""] : Peers(rule, nodes), rule.MatchesEverything || rule.Ports.Count == 0 ? [""] : Ports(ports), verdict);
        }
    }

    private void Add(IReadOnlyList<string> peers, IReadOnlyList<string> ports, string verdict)
    {
        foreach (var peer in peers)
        {
            foreach (var port in ports)
            {
                var line = $"{peer}{port}{verdict}";
                // The same line again says nothing new, whatever stands between.
                if (_said.Add(line))
                {
                    _lines.Add(line);
                }
            }
        }
    }

    private List<string> Peers(NetworkPolicy policy, PolicyRule rule)
    {
        var peers = rule.Peers.Where(peer => peer.IpBlock is null && (peer.PodSelector ?? peer.NamespaceSelector) is not null)
            .Select(peer => PodSelection.Of(policy.Namespace, peer)).Distinct().Select(Group).ToList();
        // An ipBlock is about addresses, whoever holds them; exceptions are each block's own.
        AddRanges(peers, AddressRanges.Union(rule.Peers.Where(peer => peer.IpBlock is not null).SelectMany(peer => AddressRanges.Of(peer.IpBlock!))));
        return peers;
    }

    private List<string> Peers(ClusterPolicyRule rule, IEnumerable<PolicyNode> nodes)
    {
        var peers = rule.Peers.Where(peer => peer.Pods is not null).Select(peer => PodSelection.Of(peer.Pods!)).Distinct().Select(Group).ToList();
        var selected = rule.Peers.Where(peer => peer.Nodes is not null)
            .SelectMany(peer => nodes.Where(node => peer.Nodes!.Matches(node.Labels)).SelectMany(node => node.Addresses)).Select(AddressRange.Of);
        // Where a peer says both Pods and networks, the evaluator takes either; nodes alone exclude networks.
        var networks = rule.Peers.Where(peer => peer.Nodes is null).SelectMany(peer => peer.Networks).Select(AddressRange.Of);
        AddRanges(peers, AddressRanges.Union(selected.Concat(networks)));
        return peers;
    }

    private string Group(PodSelection selection)
    {
        var name = $"pods_{PolicyRules.Hash(selection.Key)}{words.Suffix}";
        _sets.Add(new SetUse(name, words, selection, null));
        return $"{Other} @{name} ";
    }

    private void AddRanges(List<string> peers, IEnumerable<AddressRange> union)
    {
        var ranges = union.In(words.Family).Select(range => $"{range}").ToList();
        if (ranges.Count > 0)
        {
            peers.Add($"{Other} {OneOf(ranges)} ");
        }
    }

    private List<string> Ports(IEnumerable<PortMatch> ports)
    {
        var lines = new List<string>();
        foreach (var (protocol, numbers) in ports.Where(port => port.Name is null).GroupBy(port => port.Protocol!.Value).Select(group => (group.Key, Union(group))))
        {
            lines.Add(numbers is ["0-65535"] ? $"meta l4proto {protocol.Lower()} " : $"meta l4proto {protocol.Lower()} th dport {OneOf(numbers)} ");
        }

        // A name means what the destination Pod's containers declare, in either direction; for an address that is no Pod's it means nothing.
        foreach (var port in ports.Where(port => port.Name is not null))
        {
            var name = $"named_{PolicyRules.Hash(port.Name!)}{words.Suffix}";
            _sets.Add(new SetUse(name, words, null, port.Name));
            lines.Add($"{(port.Protocol is { } only ? $"meta l4proto {only.Lower()} " : "")}{words.Ip} daddr . meta l4proto . th dport @{name} ");
        }

        return lines;
    }

    // Runs that neither touch nor overlap: the kernel refuses a set in which they do.
    private static List<string> Union(IEnumerable<PortMatch> ports)
    {
        var merged = new List<(int First, int Last)>();
        foreach (var port in ports.Where(port => port.First <= port.Last).OrderBy(port => port.First))
        {
            if (merged.Count > 0 && port.First <= merged[^1].Last + 1)
            {
                merged[^1] = (merged[^1].First, Math.Max(merged[^1].Last, port.Last));
            }
            else
            {
                merged.Add((port.First, port.Last));
            }
        }

        return merged.ConvertAll(run => run.First == run.Last ? $"{run.First}" : $"{run.First}-{run.Last}");
    }

    private string Other => $"{words.Ip} {(direction == TrafficDirection.Ingress ? "saddr" : "daddr")}";

    private static string OneOf(List<string> items) => items.Count == 1 ? items[0] : $"{{ {string.Join(", ", items)} }}";

    private sealed record PortMatch(TransportProtocol? Protocol, string? Name, int First, int Last);
}
