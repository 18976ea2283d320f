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
    [InlineData("\"tier\":\"Admin\"", "\"tier\":\"Best\"", "spec.tier: Unsupported value: \"Best\": supported values: \"Admin\", \"Baseline\"")]
    [InlineData("\"priority\":10", "\"priority\":1001", "spec.priority: Invalid value: 1001: spec.priority in body should be less than or equal to 1000")]
    [InlineData("\"priority\":10,", "", "spec.priority: Required value")]
    [InlineData("\"action\":\"Deny\"", "\"action\":\"Drop\"", "spec.ingress[0].action: Unsupported value: \"Drop\": supported values: \"Accept\", \"Deny\", \"Pass\"")]
    [InlineData("\"number\":38412", "\"number\":0", "spec.ingress[0].protocols[0].sctp.destinationPort.number: Invalid value: 0: spec.ingress[0].protocols[0].sctp.destinationPort.number in body should be greater than or equal to 1")]
    [InlineData("\"start\":80,\"end\":90", "\"start\":90,\"end\":80", "spec.ingress[0].protocols[1].tcp.destinationPort.range: Invalid value: \"object\": Start port must be less than End port")]
    [InlineData("10.0.0.0/8", "10.0.0/8", "spec.egress[0].to[0].networks[0]: Invalid value: \"10.0.0/8\": Invalid CIDR format provided")]
    [InlineData("\"namespaceSelector\":{},", "", "spec.ingress[0].from[0].pods.namespaceSelector: Required value")]
    public async Task What_it_may_not_say_is_refused(string part, string other, string message)
    {
        await using var cluster = await TestCluster.StartAsync();
        Assert.Contains(part, Good, StringComparison.Ordinal);
        var (code, answer) = await cluster.SendAsync("POST", Path, Good.Replace(part, other, StringComparison.Ordinal));
        Assert.Equal((422, $"ClusterNetworkPolicy.policy.networking.k8s.io \"p\" is invalid: {message}"), (code, (string?)answer["message"]));
    }
}
