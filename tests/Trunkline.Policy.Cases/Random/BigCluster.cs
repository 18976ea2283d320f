using System.Globalization;
using System.Net;
using Trunkline.Policy.Model;

namespace Trunkline.Policy.Cases.Random;

/// <summary>
/// A cluster of a given size from a seed, shaped like real ones: namespaces of a hundred Pods, applications of several replicas, some Pods with labels of their own
/// (StatefulSets), policies that choose applications, most rules by labels with ports, some by namespace, address block or name. For tests and benchmarks.
/// </summary>
public sealed class BigCluster(int seed)
{
    private const int PodsInNamespace = 100;
    private const int Applications = 12;
    private static readonly int[] s_ports = [53, 80, 443, 2905, 3868, 8080, 9090, 36412, 38412];
    private readonly System.Random _random = new(seed);

    public static PolicyCluster Build(int seed, int pods, int policies, int clusterPolicies = 0) => new BigCluster(seed).Build(pods, policies, clusterPolicies);

    public PolicyCluster Build(int pods, int policies, int clusterPolicies)
    {
        var namespaces = Math.Max(1, pods / PodsInNamespace);
        var nodes = Math.Max(1, pods / 250);
        return new PolicyCluster(
            Enumerable.Range(0, namespaces).Select(Namespace), Enumerable.Range(0, pods).Select(pod => Pod(pod, namespaces, nodes)),
            Enumerable.Range(0, policies).Select(policy => Policy(policy, namespaces)),
            Enumerable.Range(0, nodes).Select(node => new PolicyNode(NodeName(node), [new IPAddress([192, 168, (byte)(128 + (node / 250)), (byte)(1 + (node % 250))])])),
            Enumerable.Range(0, clusterPolicies).Select(ClusterPolicy));
    }

    private static string NodeName(int node) => $"worker-{node}";

    private static string NamespaceName(int index) => $"ns-{index}";

    private PolicyNamespace Namespace(int index) => new(NamespaceName(index), new Dictionary<string, string>
    {
        ["kubernetes.io/metadata.name"] = NamespaceName(index),
        ["team"] = $"team-{index % 10}",
        ["stage"] = index % 3 == 0 ? "test" : "production",
    });

    private PolicyPod Pod(int index, int namespaces, int nodes)
    {
        var labels = new Dictionary<string, string>
        {
            ["app"] = $"app-{_random.Next(Applications)}",
            ["tier"] = Pick(["front", "back", "data"]),
            ["version"] = $"v{_random.Next(3)}",
        };
        if (_random.Next(10) == 0)
        {
            labels["statefulset.kubernetes.io/pod-name"] = $"pod-{index}";
        }

        var address = 0x0a800000u + (uint)(2 * 256) + (uint)index;
        return new PolicyPod(NamespaceName(index % namespaces), $"pod-{index}")
        {
            Labels = labels,
            Addresses = [new IPAddress([(byte)(address >> 24), (byte)(address >> 16), (byte)(address >> 8), (byte)address]), IPAddress.Parse($"fd01:0:0:2::{index:x}")],
            NodeName = NodeName(index % nodes),
            Ports = [new NamedPort("sig", TransportProtocol.Sctp, Pick(s_ports)), new NamedPort("web", TransportProtocol.Tcp, Pick(s_ports))],
        };
    }

    private NetworkPolicy Policy(int index, int namespaces) => new(NamespaceName(index % namespaces), $"policy-{index}")
    {
        PodSelector = _random.Next(8) == 0 ? LabelSelector.Everything : Application(),
        PolicyTypes = _random.Next(3) switch
        {
            0 => [TrafficDirection.Ingress, TrafficDirection.Egress],
            1 => [TrafficDirection.Egress],
            _ => [TrafficDirection.Ingress],
        },
        Ingress = Rules(),
        Egress = Rules(),
    };

    private ClusterNetworkPolicy ClusterPolicy(int index) => new($"cluster-{index}")
    {
        Tier = index % 2 == 0 ? PolicyTier.Admin : PolicyTier.Baseline,
        Priority = _random.Next(1001),
        Subject = new NamespacedPods(Team(), LabelSelector.Everything),
        Ingress = [.. Enumerable.Range(0, 3).Select(_ => new ClusterPolicyRule(
            Pick([ClusterPolicyAction.Accept, ClusterPolicyAction.Deny, ClusterPolicyAction.Pass]),
            [new ClusterPolicyPeer { Pods = new NamespacedPods(Team(), Application()) }],
            [new ClusterPolicyPort { Protocol = Protocol(), First = Pick(s_ports), Last = 40000 }]))],
    };

    private PolicyRule[] Rules() => [.. Enumerable.Range(0, _random.Next(1, 4)).Select(_ => new PolicyRule(
        [.. Enumerable.Range(0, _random.Next(1, 4)).Select(_ => Peer())], [.. Enumerable.Range(0, _random.Next(4)).Select(_ => Port())]))];

    private PolicyPeer Peer() => _random.Next(10) switch
    {
        < 4 => new PolicyPeer { PodSelector = Application() },
        < 6 => new PolicyPeer { NamespaceSelector = Team() },
        < 9 => new PolicyPeer { NamespaceSelector = Team(), PodSelector = Application() },
        _ => new PolicyPeer
        {
            IpBlock = new IpBlock(
                IPNetwork.Parse($"10.{_random.Next(100, 130).ToString(CultureInfo.InvariantCulture)}.0.0/16"), [IPNetwork.Parse($"10.128.{_random.Next(64)}.0/24")]),
        },
    };

    private PolicyPort Port() => _random.Next(8) switch
    {
        0 => new PolicyPort { Protocol = TransportProtocol.Sctp, Name = "sig" },
        1 => new PolicyPort { Protocol = Protocol(), Number = Pick(s_ports), EndNumber = 50000 },
        _ => new PolicyPort { Protocol = Protocol(), Number = Pick(s_ports) },
    };

    private TransportProtocol Protocol() => Pick([TransportProtocol.Sctp, TransportProtocol.Sctp, TransportProtocol.Tcp, TransportProtocol.Udp]);

    private LabelSelector Team() => _random.Next(3) switch
    {
        0 => new LabelSelector { MatchLabels = new Dictionary<string, string> { ["stage"] = "production" } },
        1 => new LabelSelector { MatchExpressions = [new SelectorRequirement("team", SelectorOperator.NotIn, [$"team-{_random.Next(10)}", $"team-{_random.Next(10)}"])] },
        _ => new LabelSelector { MatchLabels = new Dictionary<string, string> { ["team"] = $"team-{_random.Next(10)}" } },
    };

    private LabelSelector Application() => _random.Next(4) switch
    {
        0 => new LabelSelector
        {
            MatchExpressions =
            [
                new SelectorRequirement("app", SelectorOperator.In, [.. Enumerable.Range(0, 3).Select(_ => $"app-{_random.Next(Applications)}")]),
                new SelectorRequirement("version", SelectorOperator.NotIn, ["v0"]),
            ],
        },
        1 => new LabelSelector { MatchLabels = new Dictionary<string, string> { ["tier"] = Pick(["front", "back", "data"]) } },
        _ => new LabelSelector { MatchLabels = new Dictionary<string, string> { ["app"] = $"app-{_random.Next(Applications)}" } },
    };

    private T Pick<T>(params ReadOnlySpan<T> items) => items[_random.Next(items.Length)];
}
