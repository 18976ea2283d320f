using Trunkline.Policy.Model;

namespace Trunkline.Policy.Evaluation;

/// <summary>The rule of a ClusterNetworkPolicy that matched, and by what.</summary>
public sealed record ClusterRuleMatch(ClusterNetworkPolicy Policy, TrafficDirection Direction, int RuleIndex)
{
    public ClusterPolicyRule Rule => Policy.Rules(Direction)[RuleIndex];

    /// <summary>Index of the peer that matched; null where the rule could not be read and so stands for everybody.</summary>
    public int? Peer { get; init; }

    /// <summary>Index in <c>protocols</c>; null where the rule names none.</summary>
    public int? Port { get; init; }

    public override string ToString()
    {
        var (word, list) = Direction == TrafficDirection.Ingress ? ("ingress", "from") : ("egress", "to");
        var name = Rule.Name.Length > 0 ? $" \"{Rule.Name}\"" : "";
        var by = Rule.Unreadable is { } why ? $", which fails closed: {why}" : $"{PeerText(list)}{PortText()}";
        return $"ClusterNetworkPolicy {Policy} ({Policy.Tier}, priority {Policy.Priority}), {word}[{RuleIndex}]{name}{by}";
    }

    private string PeerText(string list) => Peer is { } index ? $", {list}[{index}] ({Rule.Peers[index]})" : "";

    private string PortText() => Port is { } index ? $", protocols[{index}] ({Rule.Ports[index]})" : ", any protocol";
}
