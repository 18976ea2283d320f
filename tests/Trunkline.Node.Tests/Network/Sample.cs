using System.Net;
using System.Runtime.CompilerServices;
using Trunkline.Node.Network;
using Trunkline.Node.Network.Cluster;
using Trunkline.Node.Network.Nft;
using Trunkline.Node.Network.Policies;
using Trunkline.Node.Network.Services;
using Trunkline.Policy.Model;

namespace Trunkline.Node.Tests.Network;

/// <summary>The guide's cluster, seen from its worker-0.</summary>
internal static class Sample
{
    private static readonly ConditionalWeakTable<RulesTable, PolicyIndex> s_indexes = [];

    public static NodeNetwork Node { get; } = new("worker-0", IPAddress.Parse("192.168.126.11"));

    public static PolicyPod Server { get; } = new("sctp-demo", "sctpserver")
    {
        Addresses = [IPAddress.Parse("10.128.2.5")],
        NodeName = "worker-0",
        Labels = new Dictionary<string, string> { ["app"] = "sctpserver" },
        Ports = [new NamedPort("sctpserver", TransportProtocol.Sctp, 30102)],
    };

    public static PolicyPod Client { get; } = new("sctp-demo", "sctpclient")
    {
        Addresses = [IPAddress.Parse("10.128.2.6")],
        NodeName = "worker-0",
        Labels = new Dictionary<string, string> { ["app"] = "sctpclient" },
    };

    public static PolicyPod Gateway { get; } = new("istio-system", "gateway")
    {
        Addresses = [IPAddress.Parse("10.128.4.5")],
        NodeName = "worker-1",
        Labels = new Dictionary<string, string> { ["app"] = "istio-ingressgateway" },
    };

    public static NetworkPolicy SameNamespace { get; } = new("sctp-demo", "sctp-deny-other-namespaces")
    {
        Ingress = [new PolicyRule([new PolicyPeer { PodSelector = LabelSelector.Everything }], [])],
    };

    public static NetworkPolicy AllowGateway { get; } = new("sctp-demo", "sctp-demo-allow")
    {
        PodSelector = new LabelSelector { MatchLabels = new Dictionary<string, string> { ["app"] = "sctpserver" } },
        Ingress =
        [
            new PolicyRule(
                [
                    new PolicyPeer
                    {
                        NamespaceSelector = new LabelSelector { MatchLabels = new Dictionary<string, string> { ["kubernetes.io/metadata.name"] = "istio-system" } },
                        PodSelector = new LabelSelector { MatchLabels = new Dictionary<string, string> { ["app"] = "istio-ingressgateway" } },
                    },
                ],
                [new PolicyPort { Protocol = TransportProtocol.Sctp, Name = "sctpserver" }, new PolicyPort { Protocol = TransportProtocol.Tcp, Number = 80, EndNumber = 90 }]),
        ],
    };

    public static NetworkPolicy AllowPort(int port) => new("sctp-demo", $"port-{port}")
    {
        Ingress = [new PolicyRule([], [new PolicyPort { Protocol = TransportProtocol.Sctp, Number = port }])],
    };

    public static ServiceRecord Service { get; } = new("sctp-demo", "sctpservice")
    {
        ClusterIps = [IPAddress.Parse("172.30.0.10")],
        Ports = [new ServiceRecordPort("sctpserver", TransportProtocol.Sctp, 30102, 31102)],
    };

    public static SliceRecord Slice(params SliceEndpoint[] endpoints) => new("sctp-demo", "sctpservice")
    {
        Ports = [new SlicePort("sctpserver", TransportProtocol.Sctp, 30102)],
        Endpoints = endpoints,
    };

    public static SliceEndpoint Ready(PolicyPod pod) => new(pod.Addresses[0], true, pod.NodeName);

    public static PolicyCluster Cluster(params NetworkPolicy[] policies) => new([], [Server, Client, Gateway], policies);

    public static IReadOnlyList<ServicePort> Serve(params SliceEndpoint[] endpoints) =>
        ServiceTable.Build(new ServiceState(Service, [Slice(endpoints)]), Node);

    public static RulesTable Rules(PolicyCluster cluster, IReadOnlyList<ServicePort> services) => Put(new RulesTable(), cluster, services);

    public static RulesTable Put(RulesTable table, PolicyCluster cluster, IReadOnlyList<ServicePort> services)
    {
        table.Put("node", NodeRules.Skeleton(Node, [Node.NodeAddress, IPAddress.Parse("192.168.126.12")]));
        foreach (var (name, part) in ServiceRules.Parts("service/sctp-demo/sctpservice", services, Node))
        {
            table.Put(name, part);
        }

        s_indexes.GetValue(table, key => new PolicyIndex(key, Node.NodeName)).Apply(Delta(cluster));
        return table;
    }

    /// <summary>A cluster told whole.</summary>
    public static ClusterDelta Delta(PolicyCluster cluster) => new(new Lazy<PolicyCluster>(cluster))
    {
        IsWhole = true,
        Nodes = [.. cluster.Nodes.Select(node => new NodeRecord(node.Name, node.Addresses, []) { Labels = node.Labels })],
        Pods = [.. cluster.Pods.Select(pod => new Change<PodRecord>($"{pod}", new PodRecord($"{pod}", pod)))],
        Policies = [.. cluster.Policies.Select(policy => new Change<NetworkPolicy>($"{policy}", policy))],
        ClusterPolicies = [.. cluster.ClusterPolicies.Select(policy => new Change<ClusterNetworkPolicy>($"{policy}", policy))],
        Namespaces = [.. cluster.Namespaces.Select(ns => new Change<PolicyNamespace>(ns.Name, ns))],
    };

    /// <summary>What a change says, in one text.</summary>
    public static string Text(RulesChange change) => change.Prepare + string.Concat(change.Elements.Select(Text)) + change.CleanUp;

    private static string Text(SetChange change) =>
        $"{(change.Flush ? $"flush {change.Set.Name}\n" : "")}{string.Concat(change.Deleted.Select(key => $"- {change.Set.Name} {key}\n"))}"
        + string.Concat(change.Added.Select(pair => $"+ {change.Set.Name} {pair.Key}{(pair.Value.Length > 0 ? " : " : "")}{pair.Value}\n"));
}
