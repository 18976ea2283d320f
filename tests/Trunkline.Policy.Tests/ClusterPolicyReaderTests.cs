using System.Text.Json;
using Trunkline.Policy.Model;
using Trunkline.Policy.Reading;
using Xunit;

namespace Trunkline.Policy.Tests;

/// <summary>What a ClusterNetworkPolicy says, and what becomes of what cannot be read: it fails closed.</summary>
public sealed class ClusterPolicyReaderTests
{
    private const string Whole =
        """
        {"tier":"Baseline","priority":7,"subject":{"pods":{"namespaceSelector":{"matchLabels":{"team":"radio"}},"podSelector":{"matchExpressions":[{"key":"app","operator":"Exists"}]}}},
        "ingress":[{"name":"probe","action":"Pass","from":[{"namespaces":{}},{"pods":{"namespaceSelector":{},"podSelector":{"matchLabels":{"app":"a"}}}}]}],
        "egress":[{"action":"Deny","to":[{"nodes":{"matchLabels":{"zone":"1"}}},{"networks":["10.0.0.0/8","fd00::/8"]}],
        "protocols":[{"sctp":{"destinationPort":{"number":38412}}},{"udp":{"destinationPort":{"range":{"start":53,"end":54}}}},{"destinationNamedPort":"sig"}]}]}
        """;

    private static ClusterNetworkPolicy Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return ClusterPolicyReader.Read("p", document.RootElement);
    }

    private static ClusterPolicyRule Rule(string action, string rest) =>
        Read($$$"""{"tier":"Admin","priority":0,"subject":{"namespaces":{}},"egress":[{"action":"{{{action}}}",{{{rest}}}}]}""").Egress[0];

    [Fact]
    public void Every_known_field_is_read()
    {
        var policy = Read(Whole);
        Assert.Equal((PolicyTier.Baseline, 7, "Pods {app} of namespaces {team=radio}"), (policy.Tier, policy.Priority, $"{policy.Subject}"));
        var (ingress, egress) = (Assert.Single(policy.Ingress), Assert.Single(policy.Egress));
        Assert.Equal(("probe", ClusterPolicyAction.Pass, null), (ingress.Name, ingress.Effect, ingress.Unreadable));
        Assert.Equal(["all Pods of namespaces {}", "Pods {app=a} of namespaces {}"], ingress.Peers.Select(peer => $"{peer}"));
        Assert.Equal(["nodes {zone=1}", "networks 10.0.0.0/8,fd00::/8"], egress.Peers.Select(peer => $"{peer}"));
        Assert.Equal(["SCTP 38412", "UDP 53-54", "port sig"], egress.Ports.Select(port => $"{port}"));
    }

    [Theory]
    [InlineData("\"to\":[{}]")] // a kind of peer that validation dropped, because it was not known
    [InlineData("\"to\":[{\"domainNames\":[\"a.example\"]}]")]
    [InlineData("\"to\":[{\"namespaces\":{},\"nodes\":{}}]")]
    [InlineData("\"to\":[]")]
    [InlineData("\"to\":{}")]
    [InlineData("\"to\":[{\"networks\":[]}]")]
    [InlineData("\"to\":[{\"networks\":\"10.0.0.0/8\"}]")]
    [InlineData("\"to\":[{\"namespaces\":{\"matchExpressions\":[{\"key\":\"a\",\"operator\":\"Gt\",\"values\":[\"1\"]}]}}]")]
    [InlineData("\"to\":[{\"networks\":[\"10.0.0.0/8\",\"10.0.0.0/99\"]}]")]
    [InlineData("\"to\":[{\"namespaces\":{}}],\"protocols\":[{\"sctp\":{}}]")]
    [InlineData("\"to\":[{\"namespaces\":{}}],\"protocols\":[{\"icmp\":{}}]")]
    [InlineData("\"to\":[{\"namespaces\":{}}],\"protocols\":[]")]
    [InlineData("\"to\":[{\"namespaces\":{}}],\"protocols\":[{\"sctp\":{\"destinationPort\":{\"range\":{\"start\":9,\"end\":8}}}}]")]
    [InlineData("\"to\":[{\"namespaces\":{}}],\"ports\":[{\"portNumber\":{\"port\":80}}]")] // v1alpha1's
    public void A_rule_that_cannot_be_read_accepts_nothing_and_denies_everything(string rest)
    {
        var accept = Rule("Accept", rest);
        Assert.NotNull(accept.Unreadable);
        Assert.True(accept.MatchesNothing && !accept.MatchesEverything);
        Assert.All(["Deny", "Pass", "Log"], action =>
        {
            var rule = Rule(action, rest);
            Assert.True(rule.MatchesEverything && !rule.MatchesNothing);
            Assert.Equal(ClusterPolicyAction.Deny, rule.Effect);
        });
    }

    [Theory]
    [InlineData("\"priority\":7", "\"priority\":1001")]
    [InlineData("\"tier\":\"Baseline\"", "\"tier\":\"Platform\"")]
    [InlineData("\"subject\":{\"pods\":", "\"subject\":{\"nodes\":")]
    [InlineData("\"matchLabels\":{\"team\":\"radio\"}", "\"matchLabels\":[]")]
    [InlineData("\"tier\":", "\"schedule\":\"night\",\"tier\":")]
    public void A_policy_that_cannot_be_read_as_a_whole_is_about_everybody_and_lets_nothing_pass(string from, string to)
    {
        var policy = Read(Whole.Replace(from, to, StringComparison.Ordinal));
        Assert.Equal((PolicyTier.Admin, 0, NamespacedPods.All), (policy.Tier, policy.Priority, policy.Subject));
        Assert.All(policy.Ingress.Concat(policy.Egress), rule => Assert.Equal(ClusterPolicyAction.Deny, rule.Effect));
    }

    // "NamespaceSelector follows standard label selector semantics; if empty, it selects all Namespaces" (optional in v1alpha2).
    [Fact]
    public void Pods_without_a_namespaceSelector_are_those_of_all_namespaces()
    {
        var policy = Read(Whole.Replace("\"namespaceSelector\":{\"matchLabels\":{\"team\":\"radio\"}},", "", StringComparison.Ordinal).Replace("\"namespaceSelector\":{},", "", StringComparison.Ordinal));
        Assert.Equal((PolicyTier.Baseline, "Pods {app} of namespaces {}"), (policy.Tier, $"{policy.Subject}"));
        Assert.Null(Assert.Single(policy.Ingress).Unreadable);
        Assert.Equal("Pods {app=a} of namespaces {}", $"{policy.Ingress[0].Peers[1]}");
    }

    [Fact]
    public void Rules_that_are_no_list_deny_all() =>
        Assert.True(Assert.Single(Read("{\"tier\":\"Admin\",\"priority\":0,\"subject\":{\"namespaces\":{}},\"egress\":{}}").Egress).MatchesEverything);

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"tier":1,"priority":"1","subject":[],"ingress":{},"egress":[null,1,"x",{"to":"y","protocols":"z"}]}""")]
    public void Nothing_that_somebody_writes_makes_the_reader_fall(string json) => Assert.All(Read(json).Egress, rule => Assert.NotNull(rule.Unreadable));
}
