using System.Text.Json;
using k8s.Models;
using Trunkline.Node.Agent.Watching;
using Trunkline.Node.Network.Cluster;
using Xunit;

namespace Trunkline.Node.Tests.Network.Cluster;

/// <summary>Nodes say every few seconds that they live, and Pods' status changes all the time; what the rules are made of does not.</summary>
public sealed class StoreSinkTests
{
    private int _told;

    [Fact]
    public void A_nodes_heartbeat_is_no_change()
    {
        var nodes = new Store<NodeRecord>();
        var sink = new StoreSink<V1Node, NodeRecord>(nodes, node => node.Metadata.Name, Records.Of, new Lock(), () => _told++);
        sink.Replace([Node("True", "10.0.0.1")]);
        Assert.Equal(1, _told);
        nodes.Settle();
        sink.Change(WatchChange.Stored, Node("True", "10.0.0.1"));
        sink.Replace([Node("True", "10.0.0.1")]);
        Assert.Equal((1, 0), (_told, nodes.Changed.Count));
        sink.Change(WatchChange.Stored, Node("False", "10.0.0.1"));
        sink.Change(WatchChange.Stored, Node("False", "10.0.0.2"));
        Assert.Equal((3, 1), (_told, nodes.Changed.Count));
        nodes.Settle();
        sink.Replace([]);
        Assert.Equal((4, 1), (_told, nodes.Changed.Count));
    }

    [Fact]
    public void An_empty_first_list_is_told()
    {
        new StoreSink<V1Node, NodeRecord>(new Store<NodeRecord>(), node => node.Metadata.Name, Records.Of, new Lock(), () => _told++).Replace([]);
        Assert.Equal(1, _told);
    }

    [Theory]
    [InlineData("""{"podSelector":{}}""", """{"podSelector":{}}""", false)]
    [InlineData("""{"podSelector":{"matchLabels":{"a":"1","b":"2"}}}""", """{"podSelector":{"matchLabels":{"b":"2","a":"1"}}}""", false)]
    [InlineData("""{"podSelector":{"matchLabels":{"a":"1"}}}""", """{"podSelector":{"matchLabels":{"a":"2"}}}""", true)]
    [InlineData("""{"podSelector":{},"ingress":[{"from":[{"ipBlock":{"cidr":"10.0.0.0/8"}}]}]}""", """{"podSelector":{},"ingress":[{"from":[{"ipBlock":{"cidr":"10.0.0.0/9"}}]}]}""", true)]
    [InlineData("""{"podSelector":{},"ingress":[{"from":[{"ipBlock":{"cidr":"10.0.0.0/8"}}]}]}""", """{"podSelector":{},"ingress":[{"from":[{"ipBlock":{"cidr":"10.0.0.0/8","except":["10.1.0.0/16"]}}]}]}""", true)]
    [InlineData("""{"podSelector":{},"ingress":[{"ports":[{"port":1}]}]}""", """{"podSelector":{},"ingress":[{"ports":[{"port":1,"protocol":"SCTP"}]}]}""", true)]
    [InlineData("""{"podSelector":{},"ingress":[{"ports":[{"port":1}]}]}""", """{"podSelector":{},"ingress":[{"ports":[{"port":1}]}]}""", false)]
    [InlineData("""{"podSelector":{},"ingress":[]}""", """{"podSelector":{},"egress":[{}]}""", true)]
    public void A_policy_is_another_by_what_it_says(string before, string after, bool isOther)
    {
        var sink = new StoreSink<PolicyObject, Trunkline.Policy.Model.NetworkPolicy>(new(), policy => policy.Metadata.Name, PolicyRecords.Of, new Lock(), () => _told++);
        sink.Change(WatchChange.Stored, Policy(before));
        sink.Change(WatchChange.Stored, Policy(after));
        Assert.Equal(isOther ? 2 : 1, _told);
    }

    private static PolicyObject Policy(string spec) => new() { Metadata = new V1ObjectMeta { NamespaceProperty = "x", Name = "p" }, Spec = JsonDocument.Parse(spec).RootElement };

    private static V1Node Node(string ready, string address) => new()
    {
        Metadata = new V1ObjectMeta { Name = "worker-0", Labels = new Dictionary<string, string> { ["zone"] = "a" } },
        Spec = new V1NodeSpec { PodCIDRs = ["10.128.0.0/23"] },
        Status = new V1NodeStatus
        {
            Addresses = [new V1NodeAddress { Type = "InternalIP", Address = address }],
            Conditions = [new V1NodeCondition { Type = "Ready", Status = ready, LastHeartbeatTime = DateTime.UnixEpoch.AddTicks(Random.Shared.Next()) }],
        },
    };
}
