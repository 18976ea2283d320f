using Trunkline.Policy.Model;

namespace Trunkline.Policy.Evaluation;

/// <summary>What policies of one end say about a flow, and which of them.</summary>
public sealed record DirectionVerdict(TrafficDirection Direction, bool Allowed, VerdictReason Reason)
{
    /// <summary>The policies that isolate the Pod in this direction.</summary>
    public IReadOnlyList<NetworkPolicy> Isolating { get; init; } = [];

    /// <summary>The policy whose rule allows the flow.</summary>
    public NetworkPolicy? Policy { get; init; }

    /// <summary>Index of that rule in <c>ingress</c> or <c>egress</c>.</summary>
    public int? Rule { get; init; }

    /// <summary>Index of the peer that matched; null where the rule names none.</summary>
    public int? Peer { get; init; }

    /// <summary>Index of the port that matched; null where the rule names none.</summary>
    public int? Port { get; init; }

    public override string ToString()
    {
        var word = Direction == TrafficDirection.Ingress ? "ingress" : "egress";
        return Reason switch
        {
            VerdictReason.NotAPod => $"{word}: no Pod that policies apply to",
            VerdictReason.NotIsolated => $"{word}: no policy isolates the Pod",
            VerdictReason.Itself => $"{word}: a Pod always reaches itself",
            VerdictReason.OwnNode => $"{word}: a node and its own Pods always reach each other",
            VerdictReason.NoRuleMatches => $"{word}: isolated by {string.Join(", ", Isolating)}, and no rule allows it",
            _ => $"{word}: allowed by {Policy}, {word}[{Rule}]{PeerText(word)}{PortText()}",
        };
    }

    private string PeerText(string word)
    {
        var list = word == "ingress" ? "from" : "to";
        return Peer is { } index ? $", {list}[{index}] ({Policy!.Rules(Direction)[Rule!.Value].Peers[index]})" : ", any peer";
    }

    private string PortText() => Port is { } index ? $", ports[{index}] ({Policy!.Rules(Direction)[Rule!.Value].Ports[index]})" : ", any port";
}
