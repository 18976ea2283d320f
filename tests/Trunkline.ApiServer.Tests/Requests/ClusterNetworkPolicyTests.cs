using Trunkline.ApiServer.Tests.Support;
using Xunit;

namespace Trunkline.ApiServer.Tests.Requests;

/// <summary>ClusterNetworkPolicies as their CustomResourceDefinition takes and refuses them.</summary>
public sealed class ClusterNetworkPolicyTests
{
    private const string Path = "/apis/policy.networking.k8s.io/v1alpha2/clusternetworkpolicies";

    private const string Good = """
        {"metadata":{"name":"p"},"spec":{"tier":"Admin","priority":10,"subject":{"namespaces":{"matchLabels":{"team":"a"}}},
         "ingress":[{"name":"n","action":"Deny","from":[{"pods":{"namespaceSelector":{},"podSelector":{"matchLabels":{"app":"b"}}}}],
                     "protocols":[{"sctp":{"destinationPort":{"number":38412}}},{"tcp":{"destinationPort":{"range":{"start":80,"end":90}}}},{"destinationNamedPort":"ngap"}]}],
         "egress":[{"action":"Accept","to":[{"networks":["10.0.0.0/8","fd00::/8"]},{"nodes":{}}]}]}}
        """;

    [Fact]
    public async Task A_policy_is_kept_as_it_was_given_and_shown_in_its_columns()
    {
        await using var cluster = await TestCluster.StartAsync();
        var (code, made) = await cluster.SendAsync("POST", Path, Good);
        Assert.Equal((201, "p"), (code, (string?)made["metadata"]!["name"]));
        var (_, read) = await cluster.SendAsync("GET", $"{Path}/p");
        Assert.Equal(38412, (int)read["spec"]!["ingress"]![0]!["protocols"]![0]!["sctp"]!["destinationPort"]!["number"]!);
        Assert.Equal("fd00::/8", (string?)read["spec"]!["egress"]![0]!["to"]![0]!["networks"]![1]);
    }

    [Theory]
    [InlineData("\"namespaceSelector\":{},", "")]
    [InlineData("{\"nodes\":{}}", "{\"domainNames\":[\"*.example.org\"]}")]
    public async Task What_the_schema_leaves_open_is_taken(string part, string other)
    {
        await using var cluster = await TestCluster.StartAsync();
        Assert.Contains(part, Good, StringComparison.Ordinal);
        Assert.Equal(201, (await cluster.SendAsync("POST", Path, Good.Replace(part, other, StringComparison.Ordinal))).Item1);
    }

    [Theory]
    [InlineData("\"tier\":\"Admin\"", "\"tier\":\"Best\"", "spec.tier: Unsupported value: \"Best\": supported values: \"Admin\", \"Baseline\"")]
    [InlineData("\"priority\":10", "\"priority\":1001", "spec.priority: Invalid value: 1001: spec.priority in body should be less than or equal to 1000")]
    [InlineData("\"priority\":10,", "", "spec.priority: Required value")]
    [InlineData("\"action\":\"Deny\"", "\"action\":\"Drop\"", "spec.ingress[0].action: Unsupported value: \"Drop\": supported values: \"Accept\", \"Deny\", \"Pass\"")]
    [InlineData("\"number\":38412", "\"number\":0", "spec.ingress[0].protocols[0].sctp.destinationPort.number: Invalid value: 0: spec.ingress[0].protocols[0].sctp.destinationPort.number in body should be greater than or equal to 1")]
    [InlineData("\"start\":80,\"end\":90", "\"start\":90,\"end\":80", "spec.ingress[0].protocols[1].tcp.destinationPort.range: Invalid value: \"object\": Start port must be less than End port")]
    [InlineData("10.0.0.0/8", "10.0.0/8", "spec.egress[0].to[0].networks[0]: Invalid value: \"10.0.0/8\": Invalid CIDR format provided")]
    [InlineData(",\"podSelector\":{\"matchLabels\":{\"app\":\"b\"}}", "", "spec.ingress[0].from[0].pods.podSelector: Required value")]
    [InlineData("[\"10.0.0.0/8\",\"fd00::/8\"]", "[]", "spec.egress[0].to[0].networks: Invalid value: 0: spec.egress[0].to[0].networks in body should have at least 1 items")]
    [InlineData("fd00::/8", "10.0.0.0/8", "spec.egress[0].to[0].networks[1]: Duplicate value: \"10.0.0.0/8\"")]
    [InlineData("{\"nodes\":{}}", "{\"domainNames\":[\"a b\"]}", "spec.egress[0].to[1].domainNames[0]: Invalid value: \"a b\": spec.egress[0].to[1].domainNames in body should match '^(\\*\\.)?([a-zA-z0-9]([-a-zA-Z0-9_]*[a-zA-Z0-9])?\\.)+[a-zA-z0-9]([-a-zA-Z0-9_]*[a-zA-Z0-9])?\\.?$'")]
    [InlineData("{\"nodes\":{}}]", "{\"nodes\":{}}],\"protocols\":[]", "spec.egress[0].protocols: Invalid value: 0: spec.egress[0].protocols in body should have at least 1 items")]
    [InlineData("{\"nodes\":{}}]", "{\"nodes\":{}}],\"protocols\":[{\"destinationNamedPort\":\"a\"}]", "spec.egress[0]: Invalid value: \"object\": networks/nodes/domainNames peer cannot be set with namedPorts since there are no namedPorts for networks/nodes/domainNames")]
    [InlineData("[{\"networks\":[\"10.0.0.0/8\",\"fd00::/8\"]},{\"nodes\":{}}]", "[]", "spec.egress[0].to: Invalid value: 0: spec.egress[0].to in body should have at least 1 items")]
    public async Task What_it_may_not_say_is_refused(string part, string other, string message)
    {
        await using var cluster = await TestCluster.StartAsync();
        Assert.Contains(part, Good, StringComparison.Ordinal);
        var (code, answer) = await cluster.SendAsync("POST", Path, Good.Replace(part, other, StringComparison.Ordinal));
        Assert.Equal((422, $"ClusterNetworkPolicy.policy.networking.k8s.io \"p\" is invalid: {message}"), (code, (string?)answer["message"]));
    }
}
