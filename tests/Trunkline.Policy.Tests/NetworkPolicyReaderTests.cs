using System.Text.Json;
using Trunkline.Policy.Model;
using Trunkline.Policy.Reading;
using Xunit;

namespace Trunkline.Policy.Tests;

/// <summary>What validation could not have let through opens nothing.</summary>
public sealed class NetworkPolicyReaderTests
{
    private static NetworkPolicy Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return NetworkPolicyReader.Read("n", "p", document.RootElement);
    }

    [Theory]
    [InlineData("""{"protocol":"ICMP"}""")]
    [InlineData("""{"protocol":"SCTP","port":80,"endPort":79}""")]
    [InlineData("""{"protocol":"SCTP","port":"sig","endPort":90}""")]
    [InlineData("""{"protocol":"SCTP","endPort":90}""")]
    [InlineData("""{"protocol":"SCTP","port":80.5}""")]
    [InlineData("""{"protocol":7}""")]
    [InlineData("null")]
    public void A_port_that_cannot_be_read_never_means_all_ports(string port)
    {
        Assert.Empty(Read($$"""{"ingress":[{"ports":[{{port}}]}]}""").Ingress);
        Assert.Equal(["TCP 1"], Assert.Single(Read($$"""{"ingress":[{"ports":[{{port}},{"port":1}]}]}""").Ingress).Ports.Select(p => $"{p}"));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"ipBlock":{"cidr":"10.0.0.0/40"}}""")]
    [InlineData("""{"ipBlock":{"cidr":"10.0.0.0/8","except":["10.0.0.0/8x"]}}""")]
    [InlineData("""{"ipBlock":{"cidr":"10.0.0.0/8"},"podSelector":{}}""")]
    [InlineData("""{"podSelector":{"matchExpressions":[{"key":"a","operator":"Like","values":["b"]}]},"namespaceSelector":{}}""")]
    [InlineData("""{"serviceSelector":{}}""")]
    [InlineData("""{"podSelector":[]}""")]
    [InlineData("""{"podSelector":{"matchLabels":[]}}""")]
    [InlineData("""{"podSelector":{"matchLabels":{"a":1}}}""")]
    [InlineData("""{"podSelector":{"matchLabels":{"a":null}}}""")]
    [InlineData("""{"podSelector":{"matchExpressions":{}}}""")]
    [InlineData("""{"podSelector":{"matchExpressions":[{"key":"a","operator":"NotIn","values":[1]}]}}""")]
    [InlineData("""{"podSelector":{"matchExpressions":[{"key":"a","operator":"NotIn","values":"b"}]}}""")]
    [InlineData("""{"podSelector":{"matchExpressions":[{"key":"a","operator":"NotIn"}]}}""")]
    [InlineData("""{"podSelector":{"matchExpressions":[{"key":"a","operator":"Exists","values":["b"]}]}}""")]
    [InlineData("""{"namespaceSelector":"x"}""")]
    [InlineData("""{"ipBlock":{"cidr":"10.0.0.0/8","except":"10.1.0.0/16"}}""")]
    [InlineData("""{"ipBlock":"10.0.0.0/8"}""")]
    public void A_peer_that_cannot_be_read_is_nobody(string peer) =>
        Assert.Equal("nothing", $"{Assert.Single(Assert.Single(Read($$"""{"egress":[{"to":[{{peer}}]}]}""").Egress).Peers)}");

    [Theory]
    [InlineData("\"from\":{}")]
    [InlineData("\"from\":\"everybody\"")]
    [InlineData("\"ports\":\"x\"")]
    [InlineData("\"ports\":{}")]
    [InlineData("\"from\":[],\"ports\":80")]
    public void A_rule_of_another_shape_is_none(string rule) => Assert.Empty(Read("{\"ingress\":[{" + rule + "}]}").Ingress);

    [Theory]
    [InlineData("\"Egress\"")]
    [InlineData("{}")]
    [InlineData("[\"Ingress\",\"egress\"]")]
    [InlineData("[1]")]
    public void Policy_types_that_cannot_be_read_are_both(string types)
    {
        var policy = Read("{\"policyTypes\":" + types + "}");
        Assert.True(policy.Isolates(TrafficDirection.Ingress) && policy.Isolates(TrafficDirection.Egress));
    }

    [Fact]
    public void A_policy_whose_podSelector_cannot_be_read_isolates_the_whole_namespace() =>
        Assert.True(Read("""{"podSelector":{"matchExpressions":[{"key":"a","operator":"Like"}]}}""").PodSelector.IsEverything);

    [Fact]
    public void Absent_and_null_lists_are_the_same()
    {
        var policy = Read("""{"podSelector":null,"policyTypes":null,"ingress":null,"egress":[{"to":null,"ports":null}]}""");
        Assert.True(policy.Isolates(TrafficDirection.Ingress) && policy.Isolates(TrafficDirection.Egress));
        Assert.Equal((0, 0), (policy.Egress[0].Peers.Count, policy.Egress[0].Ports.Count));
    }
}
