using System.Net;
using System.Text.Json;
using k8s.Models;
using Trunkline.Node.Network.Cluster;
using Trunkline.Node.Network.Secondary;
using Trunkline.Policy.Model;
using Xunit;

namespace Trunkline.Node.Tests.Networks;

/// <summary>MultiNetworkPolicies → rules in the namespace of a Pod that is on x/left (net1) and x/right (net2).</summary>
public sealed class SecondaryRulesTests
{
    [Fact]
    public void A_policy_without_networks_and_one_for_another_network_bind_nothing()
    {
        Assert.Equal([], Chain(Script([Policy("", """{"podSelector": {}}""")]), "in_0"));
        Assert.Equal([], Chain(Script([Policy("x/other", """{"podSelector": {}}""")]), "in_0"));
        Assert.Equal([], Chain(Script([Policy("left", """{"podSelector": {"matchLabels": {"app": "none"}}}""")]), "in_0"));
    }

    [Fact]
    public void Isolation_of_one_network_leaves_the_other_alone()
    {
        var script = Script([Policy("left", """{"podSelector": {}}""")]);
        Assert.Equal(["ct mark and 2 == 0 ct state established,related accept", "counter drop"], Chain(script, "in_0"));
        Assert.Equal([], Chain(script, "out_0"));
        Assert.Equal([], Chain(script, "in_1"));
        Assert.Contains("iifname \"net1\" goto in_0", Chain(script, "received"));
    }

    // Peers are found by labels, and known by their addresses on the policy's network, in both families.
    [Theory]
    [InlineData("""[{"from": [{"podSelector": {"matchLabels": {"app": "client"}}}]}]""", "ip saddr { 10.1.1.2-10.1.1.3 } accept; ip6 saddr { fd10::2 } accept")]
    [InlineData("""[{"from": [{"podSelector": {"matchLabels": {"app": "client"}}}], "ports": [{"protocol": "SCTP", "port": 30102}]}]""",
        "ip saddr { 10.1.1.2-10.1.1.3 } meta l4proto sctp th dport 30102 accept; ip6 saddr { fd10::2 } meta l4proto sctp th dport 30102 accept")]
    [InlineData("""[{"from": [{"namespaceSelector": {"matchLabels": {"team": "blue"}}}]}]""", "ip saddr { 10.1.1.9 } accept")]
    [InlineData("""[{"from": [{"podSelector": {"matchLabels": {"app": "nobody"}}}]}]""", "")]
    [InlineData("""[{"from": [{"ipBlock": {"cidr": "10.1.1.0/30", "except": ["10.1.1.2/32"]}}]}]""", "ip saddr { 10.1.1.0-10.1.1.1, 10.1.1.3 } accept")]
    [InlineData("""[{"from": [{"ipBlock": {"cidr": "fd10::/64"}}]}]""", "ip6 saddr { fd10::-fd10::ffff:ffff:ffff:ffff } accept")]
    [InlineData("""[{"ports": [{"protocol": "UDP"}, {"port": 80, "endPort": 90}]}]""", "meta l4proto udp accept; meta l4proto tcp th dport 80-90 accept")]
    [InlineData("""[{"ports": [{"protocol": "SCTP", "port": "ngap"}]}]""", "meta l4proto sctp th dport 38412 accept")]
    [InlineData("""[{"ports": [{"protocol": "SCTP", "port": "unknown"}]}]""", "")]
    [InlineData("[{}]", "accept")]
    [InlineData("[]", "")]
    public void Ingress(string rules, string expected)
    {
        var chain = Chain(Script([Policy("left", $$"""{"podSelector": {}, "policyTypes": ["Ingress"], "ingress": {{rules}} }""")]), "in_0");
        Assert.Equal(expected, string.Join("; ", chain.Skip(1).SkipLast(1)));
        Assert.Equal("counter drop", chain[^1]);
    }

    [Theory]
    [InlineData("""[{"to": [{"podSelector": {"matchLabels": {"app": "client"}}}], "ports": [{"protocol": "SCTP", "port": "diameter"}, {"port": 80}]}]""",
        "ip daddr { 10.1.1.2-10.1.1.3 } meta l4proto tcp th dport 80 accept; ip6 daddr { fd10::2 } meta l4proto tcp th dport 80 accept; "
        + "ip daddr 10.1.1.2 meta l4proto sctp th dport 3868 accept; ip6 daddr fd10::2 meta l4proto sctp th dport 3868 accept")]
    [InlineData("[]", "")]
    public void Egress(string rules, string expected)
    {
        var script = Script([Policy("left", $$"""{"podSelector": {}, "policyTypes": ["Egress"], "egress": {{rules}} }""")]);
        Assert.Equal(expected, string.Join("; ", Chain(script, "out_0").Skip(1).SkipLast(1)));
        Assert.Equal([], Chain(script, "in_0"));
    }

    [Fact]
    public void The_networks_stay_apart_whatever_the_policies()
    {
        var script = Script([]);
        Assert.StartsWith("add table inet trunkline\ndelete table inet trunkline\n", script, StringComparison.Ordinal);
        Assert.Contains("fib daddr . iif type != { local, broadcast, multicast, anycast } counter drop", Chain(script, "received"));
        Assert.Equal(["type filter hook forward priority 0;", "counter drop"], Chain(script, "forwarded"));
    }

    private static string Script(MultiPolicy[] policies)
    {
        var facts = new SecondaryFacts("node", () => { });
        facts.Namespaces.Replace([Namespace("x", "red"), Namespace("far", "blue")]);
        facts.Pods.Replace(
        [
            Pod("x", "client-1", "client", """[{"name": "x/left", "ips": ["10.1.1.2", "fd10::2"]}, {"name": "x/right", "ips": ["10.1.2.2"]}]"""),
            Pod("x", "client-2", "client", """[{"name": "x/left", "ips": ["10.1.1.3"]}]"""), Pod("x", "elsewhere", "client", """[{"name": "x/right", "ips": ["10.1.2.4"]}]"""),
            Pod("far", "away", "away", """[{"name": "x/left", "ips": ["10.1.1.9"]}]"""), Pod("x", "plain", "client", ""),
        ]);
        var self = new NetworkedPod(
            new PolicyPod("x", "self") { Addresses = [IPAddress.Parse("10.128.0.5")], Ports = [new NamedPort("ngap", TransportProtocol.Sctp, 38412)] },
            [new AttachedNetwork("x/left", "net1", ["10.1.1.1", "fd10::1"], "0a:58:00:00:00:01"), new AttachedNetwork("x/right", "net2", ["10.1.2.1"], "0a:58:00:00:00:02")]);
        var sink = policies.SelectMany(policy => policy.Networks.Select(network => (network, policy.Policy))).ToLookup(item => item.network, item => item.Policy);
        return SecondaryRules.Script(self, network =>
        {
            var cluster = facts.On(network, [self]);
            return new PolicyCluster(cluster.Namespaces, cluster.Pods, sink[network]);
        });
    }

    private static MultiPolicy Policy(string policyFor, string spec) => MultiPolicy.Of(new PolicyObject
    {
        Metadata = new V1ObjectMeta { Name = "p", NamespaceProperty = "x", Annotations = policyFor.Length == 0 ? null : new Dictionary<string, string> { [MultiPolicy.PolicyFor] = policyFor } },
        Spec = JsonSerializer.Deserialize<JsonElement>(spec),
    });

    private static V1Namespace Namespace(string name, string team) => new() { Metadata = new V1ObjectMeta { Name = name, Labels = new Dictionary<string, string> { ["team"] = team } } };

    private static V1Pod Pod(string ns, string name, string app, string status) => new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = name,
            NamespaceProperty = ns,
            Uid = name,
            Labels = new Dictionary<string, string> { ["app"] = app },
            Annotations = status.Length == 0 ? null : new Dictionary<string, string> { [NetworkStatus.Annotation] = status },
        },
        Spec = new V1PodSpec
        {
            Containers = [new V1Container { Name = "c", Ports = name == "client-1" ? [new V1ContainerPort { Name = "diameter", ContainerPort = 3868, Protocol = "SCTP" }] : null }],
        },
        Status = new V1PodStatus { PodIP = "10.128.0.9" },
    };

    private static List<string> Chain(string script, string name)
    {
        var lines = script.Split('\n').Select(line => line.Trim()).ToList();
        var start = lines.IndexOf($"chain {name} {{");
        return start < 0 ? [] : [.. lines.Skip(start + 1).TakeWhile(line => line != "}")];
    }
}
