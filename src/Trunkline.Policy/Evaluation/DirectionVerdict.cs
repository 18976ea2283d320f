using Trunkline.Policy.Model;

namespace Trunkline.Policy.Evaluation;

/// <summary>What policies of one end say about a flow, and which of them.</summary>
public sealed record DirectionVerdict(TrafficDirection Direction, bool Allowed, VerdictReason Reason)
{
    /// <summary>The policies that isolate the Pod in this direction.</summary>
    public IReadOnlyList<NetworkPolicy> Isolating { get; init; } = [];

    /// <summary>The NetworkPolicy whose rule allows the flow.</summary>
    public NetworkPolicy? Policy { get; init; }

    /// <summary>Index of that rule in <c>ingress</c> or <c>egress</c>.</summary>
    public int? Rule { get; init; }

    /// <summary>Index of the peer that matched; null where the rule names none.</summary>
    public int? Peer { get; init; }

    /// <summary>Index of the port that matched; null where the rule names none.</summary>
    public int? Port { get; init; }

    /// <summary>The ClusterNetworkPolicy's rule that decided.</summary>
    public ClusterRuleMatch? ClusterRule { get; init; }

    /// <summary>Rules that passed the flow on to the next tier, in order.</summary>
    public IReadOnlyList<ClusterRuleMatch> PassedBy { get; init; } = [];

    private string Word => Direction == TrafficDirection.Ingress ? "ingress" : "egress";

    public override string ToString() => $"{Word}: {string.Concat(PassedBy.Select(match => $"passed on by {match}; then "))}{Outcome()}";

    private string Outcome() => Reason switch
    {
        VerdictReason.NotAPod => "no Pod that policies apply to",
        VerdictReason.NotIsolated => "no policy isolates the Pod",
        VerdictReason.Itself => "a Pod always reaches itself",
        VerdictReason.OwnNode => "a node and its own Pods always reach each other",
        VerdictReason.NoRuleMatches => $"isolated by {string.Join(", ", Isolating)}, and no rule allows it",
        VerdictReason.Accepted => $"accepted by {ClusterRule}",
        VerdictReason.Denied => $"denied by {ClusterRule}",
        _ => $"allowed by {Policy}, {Word}[{Rule}]{PeerText()}{PortText()}",
    };

    private string PeerText()
    {
        var list = Direction == TrafficDirection.Ingress ? "from" : "to";
        return Peer is { } index ? $", {list}[{index}] ({Policy!.Rules(Direction)[Rule!.Value].Peers[index]})" : ", any peer";
    }

    private string PortText() => Port is { } index ? $", ports[{index}] ({Policy!.Rules(Direction)[Rule!.Value].Ports[index]})" : ", any port";
}
