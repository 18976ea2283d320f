using System.Net;
using Trunkline.Policy.Model;

namespace Trunkline.Node.IntegrationTests.Network;

/// <summary>Random namespaces, labels and policies over given Pods; everything from one seed.</summary>
internal sealed class RandomCluster(Random random)
{
    private static readonly string[] s_namespaces = ["x", "y", "z"];
    private static readonly string[] s_values = ["a", "b", "c"];
    public static readonly int[] Ports = [80, 81, 30102];

    public IReadOnlyList<PolicyNamespace> Namespaces() => [.. s_namespaces.Select(name => new PolicyNamespace(name, new Dictionary<string, string>
    {
        ["kubernetes.io/metadata.name"] = name, ["team"] = Pick(s_values),
    }))];

    public IReadOnlyList<PolicyPod> Pods(IEnumerable<PolicyPod> pods) => [.. pods.Select(pod => pod with
    {
        Namespace = Pick(s_namespaces),
        Labels = random.Next(4) == 0 ? new Dictionary<string, string>() : new() { ["app"] = Pick(s_values) },
        Ports = [new NamedPort("serve", Pick([TransportProtocol.Sctp, TransportProtocol.Tcp]), Pick(Ports)), new NamedPort("talk", TransportProtocol.Sctp, Pick(Ports))],
    })];

    public IReadOnlyList<NetworkPolicy> Policies() => [.. Enumerable.Range(0, random.Next(1, 6)).Select(index => new NetworkPolicy(Pick(s_namespaces), $"policy-{index}")
    {
        PodSelector = random.Next(2) == 0 ? LabelSelector.Everything : Selector(),
        PolicyTypes = Pick<TrafficDirection[]>([[], [TrafficDirection.Ingress], [TrafficDirection.Egress], [TrafficDirection.Ingress, TrafficDirection.Egress]]),
        Ingress = Rules(),
        Egress = Rules(),
    })];

    public T Pick<T>(IReadOnlyList<T> items) => items[random.Next(items.Count)];

    private PolicyRule[] Rules() => [.. Enumerable.Range(0, random.Next(3)).Select(_ => new PolicyRule(
        [.. Enumerable.Range(0, random.Next(3)).Select(_ => Peer())], [.. Enumerable.Range(0, random.Next(3)).Select(_ => Port())]))];

    private PolicyPeer Peer() => random.Next(4) switch
    {
        0 => new PolicyPeer { PodSelector = random.Next(3) == 0 ? LabelSelector.Everything : Selector() },
        1 => new PolicyPeer { NamespaceSelector = random.Next(3) == 0 ? LabelSelector.Everything : NamespaceSelector() },
        2 => new PolicyPeer { NamespaceSelector = NamespaceSelector(), PodSelector = Selector() },
        _ => new PolicyPeer { IpBlock = Block() },
    };

    private IpBlock Block() => Pick<IpBlock>(
    [
        new(IPNetwork.Parse("192.168.126.0/24"), []),
        new(IPNetwork.Parse("192.168.126.0/24"), [IPNetwork.Parse("192.168.126.200/32")]),
        new(IPNetwork.Parse("10.128.0.0/14"), [IPNetwork.Parse("10.128.2.10/31"), IPNetwork.Parse("10.128.4.0/23")]),
        new(IPNetwork.Parse("0.0.0.0/0"), [IPNetwork.Parse("10.128.2.12/32")]),
        new(IPNetwork.Parse("10.128.2.12/31"), []),
    ]);

    private PolicyPort Port() => random.Next(5) switch
    {
        0 => new PolicyPort { Protocol = Protocol() },
        1 => new PolicyPort { Protocol = Protocol(), Name = Pick(["serve", "talk", "nobody"]) },
        2 => new PolicyPort { Protocol = Protocol(), Number = 80, EndNumber = Pick([80, 81, 30102]) },
        _ => new PolicyPort { Protocol = Protocol(), Number = Pick(Ports) },
    };

    public TransportProtocol Protocol() => Pick([TransportProtocol.Sctp, TransportProtocol.Tcp, TransportProtocol.Udp]);

    private LabelSelector NamespaceSelector() => new() { MatchLabels = new Dictionary<string, string> { ["team"] = Pick(s_values) } };

    private LabelSelector Selector() => random.Next(4) switch
    {
        0 => new LabelSelector { MatchExpressions = [new SelectorRequirement("app", SelectorOperator.NotIn, [Pick(s_values)])] },
        1 => new LabelSelector { MatchExpressions = [new SelectorRequirement("app", Pick([SelectorOperator.Exists, SelectorOperator.DoesNotExist]), [])] },
        2 => new LabelSelector { MatchExpressions = [new SelectorRequirement("app", SelectorOperator.In, [Pick(s_values), Pick(s_values)])] },
        _ => new LabelSelector { MatchLabels = new Dictionary<string, string> { ["app"] = Pick(s_values) } },
    };
}
