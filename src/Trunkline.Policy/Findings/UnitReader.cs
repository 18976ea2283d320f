using Trunkline.Policy.Compiled;
using Trunkline.Policy.Model;

namespace Trunkline.Policy.Findings;

/// <summary>A cluster's policies taken apart, for one direction.</summary>
internal sealed class UnitReader(PolicyCluster cluster, PodIndex index, TrafficDirection direction)
{
    private readonly RuleCompiler _compiler = new(cluster, index);

    /// <summary>In the order in which they are asked; NetworkPolicies, which have none among themselves, at the end.</summary>
    public IReadOnlyList<PolicyUnit> Read() =>
    [
        .. cluster.ClusterPolicies.Where(policy => policy.Rules(direction).Count > 0).Select(policy => new PolicyUnit(
            policy.Name, policy.Tier, direction, index.Select(policy.Subject).And(index.OnNetwork), [.. policy.Rules(direction).Select(Rule)])),
        .. cluster.Policies.Where(policy => policy.Isolates(direction)).Select(policy => new PolicyUnit(
            $"{policy}", null, direction, index.Select(policy.PodSelector).And(index.InNamespace(policy.Namespace)).And(index.OnNetwork),
            [.. policy.Rules(direction).Select(rule => Rule(policy, rule))])),
    ];

    private RuleUnit Rule(NetworkPolicy policy, PolicyRule rule)
    {
        var compiled = _compiler.Compile(policy, rule);
        return new RuleUnit(compiled)
        {
            Peers = [.. rule.Peers.Select((peer, at) => new PartUnit($"{peer}", Nobody(_compiler.Peers(policy, peer)), () => rule.Peers.Count == 1
                ? null
                : _compiler.Compile(policy, rule with { Peers = [.. rule.Peers.Where((_, other) => other != at)] })))],
            Ports = [.. rule.Ports.Select((port, at) => new PartUnit($"{port}", Undeclared(port.Name, port.Protocol, compiled), () => rule.Ports.Count == 1
                ? null
                : _compiler.Compile(policy, rule with { Ports = [.. rule.Ports.Where((_, other) => other != at)] })))],
        };
    }

    private RuleUnit Rule(ClusterPolicyRule rule)
    {
        var compiled = _compiler.Compile(rule);
        return new RuleUnit(compiled)
        {
            Unreadable = rule.Unreadable,
            Peers = rule.Unreadable is not null ? [] : [.. rule.Peers.Select((peer, at) => new PartUnit($"{peer}", Nobody(_compiler.Peers(peer)), () => rule.Peers.Count == 1
                ? null
                : _compiler.Compile(rule with { Peers = [.. rule.Peers.Where((_, other) => other != at)] })))],
            Ports = rule.Unreadable is not null ? [] : [.. rule.Ports.Select((port, at) => new PartUnit($"{port}", Undeclared(port.Name, port.Protocol, compiled), () => rule.Ports.Count == 1
                ? null
                : _compiler.Compile(rule with { Ports = [.. rule.Ports.Where((_, other) => other != at)] })))],
        };
    }

    private static string? Nobody(CompiledPeers peers) => peers.IsEmpty ? "it is nobody now" : null;

    // Whose declarations count: the destinations', which are the rule's peers in egress, and in ingress any Pod (the selected ones are asked by the effect itself).
    private string? Undeclared(string? name, TransportProtocol? protocol, CompiledRule? rule)
    {
        if (name is null)
        {
            return null;
        }

        var destinations = direction == TrafficDirection.Egress && rule?.Peers is { } peers ? peers.Ipv4.Clone().Or(peers.Ipv6) : index.OnNetwork;
        var declared = destinations.Indexes().SelectMany(pod => cluster.Pods[pod].Ports).Where(port => port.Name == name).Select(port => port.Protocol).Distinct().Order().ToList();
        if (declared.Any(found => protocol is null || found == protocol))
        {
            return null;
        }

        return declared.Count == 0
            ? $"no destination declares a port {name}"
            : $"port {name} is declared for {string.Join(" and ", declared.Select(found => found.Upper()))} only, not for {protocol!.Value.Upper()}";
    }
}
