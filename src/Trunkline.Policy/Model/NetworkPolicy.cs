namespace Trunkline.Policy.Model;

/// <summary>A networking.k8s.io/v1 NetworkPolicy.</summary>
public sealed record NetworkPolicy(string Namespace, string Name)
{
    /// <summary>Which Pods of the policy's namespace it is about. A null selector is the empty one (reference/cluster.md, SCTP008).</summary>
    public LabelSelector PodSelector { get; init; } = LabelSelector.Everything;

    /// <summary><c>policyTypes</c> as written; empty means the default of <see cref="Isolates"/>.</summary>
    public IReadOnlyList<TrafficDirection> PolicyTypes { get; init; } = [];

    public IReadOnlyList<PolicyRule> Ingress { get; init; } = [];

    public IReadOnlyList<PolicyRule> Egress { get; init; } = [];

    /// <summary>
    /// Without policyTypes a policy isolates for ingress always, and for egress only if it has egress rules (the API server's defaulting): <c>egress: []</c> alone
    /// isolates nothing.
    /// </summary>
    public bool Isolates(TrafficDirection direction) => PolicyTypes.Count > 0
        ? PolicyTypes.Contains(direction)
        : direction == TrafficDirection.Ingress || Egress.Count > 0;

    public IReadOnlyList<PolicyRule> Rules(TrafficDirection direction) => direction == TrafficDirection.Ingress ? Ingress : Egress;

    public bool Selects(PolicyPod pod) => pod.Namespace == Namespace && !pod.HostNetwork && PodSelector.Matches(pod.Labels);

    public override string ToString() => $"{Namespace}/{Name}";
}
