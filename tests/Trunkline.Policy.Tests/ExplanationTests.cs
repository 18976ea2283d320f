using System.Net;
using System.Net.Sockets;
using Trunkline.Policy.Cases.Documents;
using Trunkline.Policy.Cases.Tables;
using Trunkline.Policy.Evaluation;
using Trunkline.Policy.Model;
using Xunit;

namespace Trunkline.Policy.Tests;

/// <summary>Allowed or not, and why: policy, rule and peer by name and number.</summary>
public sealed class ExplanationTests
{
    private const string Policies =
        """
        ---
        kind: ClusterNetworkPolicy
        metadata: {name: platform}
        spec:
          tier: Admin
          priority: 3
          subject: {namespaces: {matchLabels: {ns: x}}}
          ingress:
          - {name: no-tcp, action: Deny, from: [{namespaces: {matchLabels: {ns: z}}}, {namespaces: {matchLabels: {ns: "y"}}}], protocols: [{tcp: {destinationPort: {range: {start: 1, end: 65535}}}}]}
          - {action: Pass, from: [{namespaces: {}}]}
          egress:
          - {action: Deny, to: [{nodes: {}}], protocols: [{sctp: {destinationPort: {number: 80}}}]}
          - {action: Accept, to: [{}]}
        ---
        kind: ClusterNetworkPolicy
        metadata: {name: default}
        spec: {tier: Baseline, priority: 9, subject: {namespaces: {}}, ingress: [{action: Deny, from: [{namespaces: {matchLabels: {ns: z}}}]}]}
        ---
        kind: NetworkPolicy
        metadata: {namespace: x, name: signalling}
        spec:
          podSelector: {matchLabels: {pod: a}}
          ingress:
          - {from: [{podSelector: {matchLabels: {pod: c}}}]}
          - {from: [{podSelector: {}}, {namespaceSelector: {matchLabels: {ns: "y"}}}], ports: [{protocol: SCTP, port: 81}, {protocol: SCTP, port: sctp-80}]}
        """;

    private static readonly PolicyCluster s_cluster =
        ClusterDocuments.Read([.. YamlDocuments.Read(Path.Combine(GridCase.Root, "cluster.yaml")), .. YamlDocuments.Parse(new StringReader(Policies))]);

    [Theory]
    [InlineData("y/b", "x/a", "SCTP", 80,
        "allowed|egress: no policy isolates the Pod|ingress: passed on by ClusterNetworkPolicy platform (Admin, priority 3), ingress[1], from[0] (all Pods of namespaces {}), any protocol; "
        + "then allowed by x/signalling, ingress[1], from[1] (all Pods of namespaces {ns=y}), ports[1] (SCTP sctp-80)")]
    [InlineData("y/b", "x/a", "TCP", 80,
        "denied|egress: no policy isolates the Pod|ingress: denied by ClusterNetworkPolicy platform (Admin, priority 3), ingress[0] \"no-tcp\", from[1] (all Pods of namespaces {ns=y}), protocols[0] (TCP 1-65535)")]
    [InlineData("z/b", "x/a", "SCTP", 80,
        "denied|egress: no policy isolates the Pod|ingress: passed on by ClusterNetworkPolicy platform (Admin, priority 3), ingress[1], from[0] (all Pods of namespaces {}), any protocol; "
        + "then isolated by x/signalling, and no rule allows it")]
    [InlineData("z/b", "x/b", "SCTP", 80,
        "denied|egress: no policy isolates the Pod|ingress: passed on by ClusterNetworkPolicy platform (Admin, priority 3), ingress[1], from[0] (all Pods of namespaces {}), any protocol; "
        + "then denied by ClusterNetworkPolicy default (Baseline, priority 9), ingress[0], from[0] (all Pods of namespaces {ns=z}), any protocol")]
    [InlineData("x/b", "192.168.126.11", "SCTP", 80,
        "denied|egress: denied by ClusterNetworkPolicy platform (Admin, priority 3), egress[0], to[0] (nodes {}), protocols[0] (SCTP 80)|ingress: no Pod that policies apply to")]
    [InlineData("192.168.126.11", "x/a", "SCTP", 9, "allowed|egress: no Pod that policies apply to|ingress: a node and its own Pods always reach each other")]
    [InlineData("x/a", "x/a", "TCP", 9, "allowed|egress: a Pod always reaches itself|ingress: a Pod always reaches itself")]
    public void Names_what_decided(string source, string destination, string protocol, int port, string expected)
    {
        var verdict = PolicyEvaluator.Evaluate(s_cluster, End(source), End(destination), Protocols.Parse(protocol)!.Value, port);
        Assert.Equal(expected.Split('|'), verdict.Explain().Split('\n').Select(line => line.Trim()));
    }

    [Fact]
    public void Two_Pods_speak_in_the_first_family_that_both_have()
    {
        var (both, ipv6) = (Pod("both", "10.0.0.1", "fd01::1"), Pod("ipv6", "fd01::2"));
        var block = new NetworkPolicy("n", "p")
        {
            Ingress = [new PolicyRule([new PolicyPeer { IpBlock = new IpBlock(IPNetwork.Parse("fd01::1/128"), []) }], [])],
        };
        var cluster = new PolicyCluster([], [both, ipv6], [block]);
        Assert.True(PolicyEvaluator.Evaluate(cluster, FlowEnd.Of(both), FlowEnd.Of(ipv6), TransportProtocol.Sctp, 1).Allowed);
        Assert.False(PolicyEvaluator.Evaluate(cluster, FlowEnd.Of(both, AddressFamily.InterNetwork), FlowEnd.Of(ipv6), TransportProtocol.Sctp, 1).Allowed);
        Assert.Same(both, cluster.PodAt(IPAddress.Parse("fd01::1")));
        Assert.Same(both, cluster.PodAt(IPAddress.Parse("10.0.0.1")));
    }

    private static PolicyPod Pod(string name, params string[] addresses) => new("n", name) { Addresses = [.. addresses.Select(IPAddress.Parse)] };

    private static FlowEnd End(string text) => text.Contains('/') ? FlowEnd.Of(s_cluster.Pods.Single(pod => $"{pod}" == text)) : FlowEnd.Of(IPAddress.Parse(text));
}
