using Trunkline.Policy.Model;

namespace Trunkline.Node.IntegrationTests.Witnesses;

/// <summary>A made-up cluster, seen from one of its nodes.</summary>
/// <param name="Number">Its number among those that share a node's rules; part of all its names and addresses.</param>
internal sealed record ClusterSpec(int Number)
{
    public IReadOnlyList<PolicyNamespace> Namespaces { get; init; } = [];

    public IReadOnlyList<PolicyPod> Pods { get; init; } = [];

    public IReadOnlyList<NetworkPolicy> Policies { get; init; } = [];

    public IReadOnlyList<ClusterNetworkPolicy> ClusterPolicies { get; init; } = [];

    public PolicyCluster Cluster(IReadOnlyList<PolicyNode> nodes) => new(Namespaces, Pods, Policies, nodes, ClusterPolicies);

    public override string ToString() => string.Join('\n',
    [
        .. Namespaces.Select(ns => $"namespace {ns.Name} {Text(ns.Labels)}"),
        .. Pods.Select(pod => $"Pod {pod} {Text(pod.Labels)} {string.Join(' ', pod.Addresses)} on {pod.NodeName}{(pod.HostNetwork ? ", host network" : "")}"
            + $"{(pod.Completed ? ", completed" : "")}, ports {string.Join(' ', pod.Ports.Select(port => $"{port.Name}={port.Protocol.Lower()}/{port.Number}"))}"),
        .. Policies.Select(policy => $"policy {policy} selects {policy.PodSelector}, types [{string.Join(' ', policy.PolicyTypes)}]{Rules(policy)}"),
        .. ClusterPolicies.Select(policy => $"cluster policy {policy} {policy.Tier} {policy.Priority} of {policy.Subject}{Rules(policy)}"),
    ]);

    private static string Text(IReadOnlyDictionary<string, string> labels) => $"{{{string.Join(",", labels.Select(pair => $"{pair.Key}={pair.Value}"))}}}";

    private static string Rules(NetworkPolicy policy) => string.Concat(
        policy.Ingress.Select(rule => $"\n  ingress from [{string.Join("; ", rule.Peers)}] at [{string.Join("; ", rule.Ports)}]")
            .Concat(policy.Egress.Select(rule => $"\n  egress to [{string.Join("; ", rule.Peers)}] at [{string.Join("; ", rule.Ports)}]")));

    private static string Rules(ClusterNetworkPolicy policy) => string.Concat(
        policy.Ingress.Select(rule => $"\n  {rule.Action} from [{string.Join("; ", rule.Peers)}] at [{string.Join("; ", rule.Ports)}] {rule.Unreadable}")
            .Concat(policy.Egress.Select(rule => $"\n  {rule.Action} to [{string.Join("; ", rule.Peers)}] at [{string.Join("; ", rule.Ports)}] {rule.Unreadable}")));
}
