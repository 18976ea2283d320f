using System.Text.Json.Nodes;
using Trunkline.Operations.Cluster;
using Trunkline.Operations.Guide;
using Xunit;

namespace Trunkline.Operations.Tests.Guide;

public sealed class RolloutTests
{
    private static readonly HashSet<string> s_workers = ["w0", "w1"];
    private static readonly JsonObject[] s_start = [Node("w0", 1), Node("w1", 2), Node("cp", 3)];
    private static readonly WatchEvent s_made = Made(new JsonObject { ["kind"] = "MachineConfig", ["metadata"] = Meta("sctp", 10) });

    [Fact]
    public void One_after_another_is_one_at_a_time()
    {
        var rollout = Of(s_made, Changed(Node("w0", 11, unschedulable: true)), Changed(Node("w0", 12)), Changed(Node("w1", 13, unschedulable: true)));

        Assert.Equal(1, rollout.MostUnschedulable());
        Assert.Equal(["w0", "w1"], rollout.CordonOrder());
    }

    [Fact]
    public void Two_at_once_are_seen_even_when_the_watches_were_late()
    {
        var rollout = Of(s_made, Changed(Node("w1", 12, unschedulable: true)), Changed(Node("w0", 11, unschedulable: true)), Changed(Node("w0", 13)));

        Assert.Equal(2, rollout.MostUnschedulable());
    }

    [Fact]
    public void Nodes_that_are_ready_before_the_pool_begins_are_a_trap() => Assert.Equal(10, Of(s_made, Changed(Pool(11, "sctp"))).ReadyTooSoon("sctp", "worker"));

    [Fact]
    public void A_pool_that_had_begun_already_is_no_trap() => Assert.Null(Of(Changed(Pool(9, "sctp")), s_made).ReadyTooSoon("sctp", "worker"));

    [Fact]
    public void A_node_that_is_not_ready_is_no_trap() =>
        Assert.Null(Of(Changed(Node("cp", 9, ready: false)), s_made, Changed(Pool(11, "sctp"))).ReadyTooSoon("sctp", "worker"));

    [Theory]
    [InlineData(true, true, true)]
    [InlineData(false, true, false)]
    [InlineData(true, false, false)]
    public void A_pod_that_goes_before_the_reboot_of_a_cordoned_node_was_drained(bool unschedulable, bool ready, bool drained)
    {
        var pod = new JsonObject { ["kind"] = "Pod", ["metadata"] = Meta("witness", 12), ["spec"] = new JsonObject { ["nodeName"] = "w0" } };
        var rollout = Of(Changed(Node("w0", 11, ready, unschedulable)), new WatchEvent("DELETED", pod), Changed(Node("w0", 13, ready: false, unschedulable: true)));

        Assert.Equal(drained, rollout.Drained().SetEquals(["w0"]));
    }

    [Fact]
    public void Updated_counts_only_after_Updating()
    {
        Assert.False(Of(Changed(Pool(11, "sctp", updated: true))).UpdatingThenUpdated("worker"));
        Assert.True(Of(Changed(Pool(11, "sctp", updating: true)), Changed(Pool(12, "sctp", updated: true))).UpdatingThenUpdated("worker"));
    }

    private static Rollout Of(params WatchEvent[] log) => new(s_start, s_workers, log);

    private static WatchEvent Made(JsonObject item) => new("ADDED", item);

    private static WatchEvent Changed(JsonObject item) => new("MODIFIED", item);

    private static JsonObject Meta(string name, long revision) => new() { ["name"] = name, ["resourceVersion"] = $"{revision}" };

    private static JsonObject Node(string name, long revision, bool ready = true, bool unschedulable = false)
    {
        var node = new JsonObject
        {
            ["kind"] = "Node",
            ["metadata"] = Meta(name, revision),
            ["spec"] = new JsonObject(),
            ["status"] = new JsonObject { ["conditions"] = new JsonArray(Condition("Ready", ready)) },
        };
        if (unschedulable)
        {
            node["spec"]!["unschedulable"] = true;
        }

        return node;
    }

    private static JsonObject Pool(long revision, string source, bool updating = false, bool updated = false) => new()
    {
        ["kind"] = "MachineConfigPool",
        ["metadata"] = Meta("worker", revision),
        ["spec"] = new JsonObject { ["configuration"] = new JsonObject { ["source"] = new JsonArray(new JsonObject { ["name"] = source }) } },
        ["status"] = new JsonObject { ["conditions"] = new JsonArray(Condition("Updating", updating), Condition("Updated", updated)) },
    };

    private static JsonObject Condition(string type, bool status) => new() { ["type"] = type, ["status"] = status ? "True" : "False" };
}
