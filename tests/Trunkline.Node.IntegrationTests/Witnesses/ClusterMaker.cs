using System.Net;
using Trunkline.Policy.Model;

namespace Trunkline.Node.IntegrationTests.Witnesses;

/// <summary>Random namespaces, labels, Pods and policies of every kind; everything from one seed.</summary>
internal sealed class ClusterMaker(Random random, int number)
{
    public static readonly int[] Ports = [80, 81, 30102];
    private static readonly string[] s_values = ["a", "b", "c"];
    private static readonly TransportProtocol[] s_protocols = [TransportProtocol.Sctp, TransportProtocol.Tcp, TransportProtocol.Udp];
    private readonly string[] _namespaces = [$"x{number}", $"y{number}", $"z{number}"];

    /// <param name="localPods">How many Pods worker-0 has; another is on worker-1.</param>
    /// <param name="onlyPlain">Every Pod has both addresses and is running, as real ones are that a test has attached.</param>
    public ClusterSpec Make(int localPods, bool onlyPlain = false) => new(number)
    {
        Namespaces = [.. _namespaces.Where(_ => random.Next(8) > 0).Select(name => new PolicyNamespace(name, new Dictionary<string, string>
        {
            ["kubernetes.io/metadata.name"] = name, ["team"] = Pick(s_values), ["cluster"] = $"{number}",
        }))],
        Pods = [.. Enumerable.Range(0, localPods).Append(100).Select(index => Pod(index, onlyPlain))],
        Policies = [.. Enumerable.Range(0, random.Next(6)).Select(Policy)],
        ClusterPolicies = [.. Enumerable.Range(0, random.Next(2) * random.Next(4)).Select(ClusterPolicy)],
    };

    public T Pick<T>(IReadOnlyList<T> items) => items[random.Next(items.Count)];

    private PolicyPod Pod(int index, bool onlyPlain)
    {
        var addresses = Place.Pod(number, index);
        var kind = onlyPlain ? 99 : random.Next(30);
        return new PolicyPod(Pick(_namespaces), $"c{number}p{index}")
        {
            NodeName = index < 100 ? Place.OwnNode : Place.OtherNode,
            Addresses = kind switch { 0 => [addresses[0]], 1 => [addresses[1]], 2 => [], 3 => index < 100 ? Place.Own : Place.Other, _ => addresses },
            HostNetwork = kind == 3,
            Completed = kind == 4,
            Labels = Labels(),
            Ports = [.. Enumerable.Range(0, random.Next(4)).Select(_ => new NamedPort(Pick(["serve", "talk"]), Pick(s_protocols), Pick(Ports)))],
        };
    }

    private Dictionary<string, string> Labels()
    {
        var labels = new Dictionary<string, string>();
        foreach (var key in (string[])["app", "tier"])
        {
            if (random.Next(3) > 0)
            {
                labels[key] = Pick(s_values);
            }
        }

        return labels;
    }

    private NetworkPolicy Policy(int index) => new(Pick(_namespaces), $"policy-{index}")
    {
        PodSelector = random.Next(2) == 0 ? LabelSelector.Everything : Selector(),
        PolicyTypes = Pick<TrafficDirection[]>([[], [TrafficDirection.Ingress], [TrafficDirection.Egress], [TrafficDirection.Ingress, TrafficDirection.Egress]]),
        Ingress = Rules(),
        Egress = Rules(),
    };

    private PolicyRule[] Rules() => [.. Some(3, () => new PolicyRule(Some(4, Peer), Some(4, Port)))];

    private PolicyPeer Peer() => random.Next(5) switch
    {
        0 => new PolicyPeer { PodSelector = Sometimes(Selector) },
        1 => new PolicyPeer { NamespaceSelector = Sometimes(NamespaceSelector) },
        2 => new PolicyPeer { NamespaceSelector = Sometimes(NamespaceSelector), PodSelector = Sometimes(Selector) },
        _ => new PolicyPeer { IpBlock = Block() },
    };

    private IpBlock Block()
    {
        var wide = Pick(Networks());
        return new IpBlock(wide, [.. Some(3, () => Pick(Networks())).Where(hole => hole.BaseAddress.AddressFamily == wide.BaseAddress.AddressFamily && wide.Contains(hole.BaseAddress)
            && hole.PrefixLength > wide.PrefixLength)]);
    }

    private IPNetwork[] Networks() =>
    [
        .. ((string[])
        [
            "0.0.0.0/0", "192.168.126.0/24", "192.168.126.200/32", "192.168.126.8/29", $"10.128.{number}.0/24", $"10.128.{number}.10/31", $"10.128.{number}.12/32", "10.128.0.0/14",
            "::/0", "fd00:126::/64", "fd00:126::200/128", "fd01::/48", $"fd01::{number:x}:a/127", $"fd01::{number:x}:c/128", "fd01:0:0:1::/64",
        ]).Select(text => IPNetwork.Parse(text)),
    ];

    private PolicyPort Port() => random.Next(6) switch
    {
        0 => new PolicyPort { Protocol = Pick(s_protocols) },
        1 or 2 => new PolicyPort { Protocol = Pick(s_protocols), Name = Pick(["serve", "talk", "nobody"]) },
        3 => new PolicyPort { Protocol = Pick(s_protocols), Number = Pick([79, 80, 81]), EndNumber = Pick([81, 30101, 30102]) },
        _ => new PolicyPort { Protocol = Pick(s_protocols), Number = Pick(Ports) },
    };

    private ClusterNetworkPolicy ClusterPolicy(int index) => new($"c{number}-policy-{index}")
    {
        Tier = Pick([PolicyTier.Admin, PolicyTier.Baseline]),
        Priority = random.Next(3),
        Subject = new NamespacedPods(InCluster(), Sometimes(Selector)),
        Ingress = ClusterRules(isEgress: false),
        Egress = ClusterRules(isEgress: true),
    };

    private ClusterPolicyRule[] ClusterRules(bool isEgress) => [.. Some(4, () => new ClusterPolicyRule(
        Pick([ClusterPolicyAction.Accept, ClusterPolicyAction.Deny, ClusterPolicyAction.Pass]), [ClusterPeer(isEgress), .. Some(2, () => ClusterPeer(isEgress))], Some(3, ClusterPort))
    {
        Unreadable = random.Next(20) == 0 ? "made up" : null,
    })];

    private ClusterPolicyPeer ClusterPeer(bool isEgress) => random.Next(isEgress ? 4 : 2) switch
    {
        2 => new ClusterPolicyPeer { Networks = [Pick(Networks()), Pick(Networks())] },
        3 => new ClusterPolicyPeer { Nodes = random.Next(2) == 0 ? LabelSelector.Everything : new LabelSelector { MatchLabels = new Dictionary<string, string> { ["zone"] = Pick(["a", "b"]) } } },
        _ => new ClusterPolicyPeer { Pods = new NamespacedPods(Sometimes(NamespaceSelector), Sometimes(Selector)) },
    };

    private ClusterPolicyPort ClusterPort() => random.Next(3) switch
    {
        0 => new ClusterPolicyPort { Name = Pick(["serve", "talk"]) },
        1 => new ClusterPolicyPort { Protocol = Pick(s_protocols) },
        _ => new ClusterPolicyPort { Protocol = Pick(s_protocols), First = Pick([80, 81]), Last = Pick([81, 30102]) },
    };

    // Every second one takes the clusters beside it for its own too, as selectors do that say nothing of them.
    private LabelSelector InCluster() => new()
    {
        MatchLabels = random.Next(2) == 0 ? new Dictionary<string, string> { ["cluster"] = $"{number}" } : new() { ["cluster"] = $"{number}", ["team"] = Pick(s_values) },
    };

    private LabelSelector NamespaceSelector() => new() { MatchLabels = new Dictionary<string, string> { ["team"] = Pick(s_values) } };

    private LabelSelector Selector() => random.Next(5) switch
    {
        0 => new LabelSelector { MatchExpressions = [new SelectorRequirement("app", SelectorOperator.NotIn, [Pick(s_values)])] },
        1 => new LabelSelector { MatchExpressions = [new SelectorRequirement("app", Pick([SelectorOperator.Exists, SelectorOperator.DoesNotExist]), [])] },
        2 => new LabelSelector { MatchExpressions = [new SelectorRequirement("app", SelectorOperator.In, [Pick(s_values), Pick(s_values)])] },
        3 => new LabelSelector { MatchLabels = new Dictionary<string, string> { ["app"] = Pick(s_values), ["tier"] = Pick(s_values) } },
        _ => new LabelSelector { MatchLabels = new Dictionary<string, string> { ["app"] = Pick(s_values) } },
    };

    private LabelSelector Sometimes(Func<LabelSelector> selector) => random.Next(4) == 0 ? LabelSelector.Everything : selector();

    private T[] Some<T>(int below, Func<T> make) => [.. Enumerable.Range(0, random.Next(below)).Select(_ => make())];
}
