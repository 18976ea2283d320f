using Trunkline.Node.Network.Cluster;
using Trunkline.Node.Network.Nft;
using Trunkline.Node.Network.Services;
using Xunit;

namespace Trunkline.Node.Tests.Network;

public sealed class NodeRulesTests
{
    [Fact]
    public void All_rules_of_the_guides_node_are_as_recorded()
    {
        var rules = Sample.Rules(Sample.Cluster(Sample.SameNamespace, Sample.AllowGateway), Sample.Serve(Sample.Ready(Sample.Server)));
        var path = Path.Combine(AppContext.BaseDirectory, "Network", "Golden", "guide.nft");
        var script = RulesScript.Full([], rules);
        if (Environment.GetEnvironmentVariable("TRUNKLINE_RECORD") is { Length: > 0 } record)
        {
            File.WriteAllText(record, script);
        }

        Assert.Equal(File.ReadAllText(path), script);
    }

    [Fact]
    public void Nothing_changed_is_nothing_written()
    {
        var rules = Sample.Rules(Sample.Cluster(Sample.SameNamespace), Sample.Serve(Sample.Ready(Sample.Server)));
        Assert.False(rules.TakeChange().IsEmpty);
        Assert.True(Sample.Put(rules, Sample.Cluster(Sample.SameNamespace), Sample.Serve(Sample.Ready(Sample.Server))).TakeChange().IsEmpty);
    }

    [Fact]
    public void A_new_endpoint_changes_its_own_elements_only()
    {
        var rules = Sample.Rules(Sample.Cluster(), Sample.Serve(Sample.Ready(Sample.Server), Sample.Ready(Sample.Gateway)));
        rules.TakeChange();
        Sample.Put(rules, Sample.Cluster(), Sample.Serve(Sample.Ready(Sample.Client), Sample.Ready(Sample.Gateway)));
        Assert.Equal(
            """
            - endpoints 172.30.0.10 . sctp . 30102 . 0
            - endpoints 192.168.126.11 . sctp . 31102 . 0
            + endpoints 172.30.0.10 . sctp . 30102 . 0 : 10.128.2.6 . 30102
            + endpoints 192.168.126.11 . sctp . 31102 . 0 : 10.128.2.6 . 30102

            """, Sample.Text(rules.TakeChange()));
    }

    [Fact]
    public void Pods_under_the_same_rules_share_a_chain_and_losing_the_policy_removes_it()
    {
        var rules = Sample.Rules(Sample.Cluster(Sample.SameNamespace), []);
        rules.TakeChange();
        var chain = Assert.Single(rules.Chains, chain => chain.Name.StartsWith("in_", StringComparison.Ordinal)).Name;
        var pods = rules.ElementsOf("ingress_pods").ToDictionary();
        Assert.Equal(pods["10.128.2.6"], pods["10.128.2.5"]);
        Assert.Equal($"goto {chain}", rules.ElementsOf("policy_classes").ToDictionary()[pods["10.128.2.5"]]);
        Assert.False(pods.ContainsKey("10.128.4.5"), "a Pod of another node is judged there");
        var script = Sample.Text(Sample.Put(rules, Sample.Cluster(), []).TakeChange());
        Assert.Contains("+ ingress_pods 10.128.2.5 : 1", script, StringComparison.Ordinal);
        Assert.DoesNotContain("delete", script, StringComparison.Ordinal);
        Sample.Put(rules, Sample.Cluster([.. Enumerable.Range(1, 1100).Select(Sample.AllowPort)]), []).TakeChange();
        script = Sample.Text(Sample.Put(rules, Sample.Cluster(), []).TakeChange());
        Assert.Contains($"delete chain inet trunkline {chain}\n", script, StringComparison.Ordinal);
        Assert.DoesNotContain(rules.Chains, item => item.Name.StartsWith("policy_", StringComparison.Ordinal));
    }

    [Fact]
    public void A_full_synchronization_removes_what_is_strange_and_keeps_what_the_kernel_counted()
    {
        var rules = Sample.Rules(Sample.Cluster(), []);
        var fingerprint = rules.Sets.Single(set => set.Name == "dropped").Fingerprint;
        var existing = ExistingObject.Parse(
            """{"nftables":[{"metainfo":{}},{"table":{"name":"trunkline"}},{"set":{"name":"dropped","comment":"FINGERPRINT"}},{"set":{"name":"dropped6","comment":"another"}},"""
                .Replace("FINGERPRINT", fingerprint, StringComparison.Ordinal)
            + """{"set":{"name":"stray_senders"}},{"map":{"name":"old"}},{"chain":{"name":"forward"}}]}""");
        var script = RulesScript.Full(existing, rules);
        Assert.StartsWith(
            "add table inet trunkline\nflush table inet trunkline\ndelete set inet trunkline dropped6\ndelete set inet trunkline stray_senders\ndelete map inet trunkline old\n"
            + "delete chain inet trunkline forward\n", script, StringComparison.Ordinal);
        Assert.DoesNotContain("delete set inet trunkline dropped\n", script, StringComparison.Ordinal);
        Assert.Contains("add set inet trunkline dropped", script, StringComparison.Ordinal);
    }

    [Fact]
    public void No_rule_speaks_for_the_missing_module()
    {
        var rules = Sample.Rules(Sample.Cluster(Sample.SameNamespace), Sample.Serve(Sample.Ready(Sample.Server)));
        foreach (var rule in rules.Chains.SelectMany(chain => chain.Rules).Where(rule => rule.Contains("drop", StringComparison.Ordinal) || rule.Contains("reject", StringComparison.Ordinal)))
        {
            Assert.DoesNotContain("132", rule, StringComparison.Ordinal);
            Assert.False(rule.StartsWith("meta l4proto sctp", StringComparison.Ordinal), rule);
        }
    }

    [Fact]
    public void Local_policies_use_local_endpoints_and_unready_ones_only_keep_their_flows()
    {
        var service = Sample.Service with { ExternalLocal = true };
        var slice = Sample.Slice(Sample.Ready(Sample.Gateway), new SliceEndpoint(Sample.Client.Addresses[0], false, "worker-0"));
        var port = Assert.Single(ServiceTable.Build(new ServiceState(service, [slice]), Sample.Node));
        Assert.Equal(Sample.Gateway.Addresses, port.Frontends[0].Endpoints.Select(endpoint => endpoint.Address));
        Assert.Empty(port.Frontends[1].Endpoints);
        Assert.Equal((1, 2), (port.Serving.Count, port.Existing.Count));
        var rules = Sample.Rules(Sample.Cluster(), [port]);
        Assert.Equal([KeyValuePair.Create("192.168.126.11 . sctp . 31102", "goto not_here")], rules.ElementsOf("unserved"));
    }
}
