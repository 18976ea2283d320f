using Trunkline.Policy.Model;

namespace Trunkline.Policy.Findings;

/// <summary>One thing that is worth saying of a policy: where in it, and why.</summary>
/// <param name="Kind">What is the matter.</param>
/// <param name="Policy">Namespace and name of a NetworkPolicy, name of a ClusterNetworkPolicy.</param>
/// <param name="Why">In words.</param>
public sealed record PolicyFinding(FindingKind Kind, string Policy, string Why)
{
    /// <summary>Whether <see cref="Policy"/> is a ClusterNetworkPolicy.</summary>
    public bool IsCluster { get; init; }

    public TrafficDirection? Direction { get; init; }

    public int? Rule { get; init; }

    public int? Peer { get; init; }

    public int? Port { get; init; }

    /// <summary>Where: "sctp-demo/allow ingress[0].from[1]".</summary>
    public string Place
    {
        get
        {
            var (word, list) = Direction == TrafficDirection.Ingress ? ("ingress", "from") : ("egress", "to");
            var direction = Direction is null ? "" : $" {word}";
            var rule = Rule is { } index ? $"[{index}]" : "";
            return $"{Policy}{direction}{rule}{(Peer is { } peer ? $".{list}[{peer}]" : "")}{(Port is { } port ? $".{(IsCluster ? "protocols" : "ports")}[{port}]" : "")}";
        }
    }

    public override string ToString() => $"{Place}: {Why}";
}
