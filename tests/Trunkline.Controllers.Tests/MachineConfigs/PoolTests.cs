using k8s.Models;
using Trunkline.Controllers.MachineConfigs.Draining;
using Trunkline.Controllers.MachineConfigs.Models;
using Trunkline.Controllers.MachineConfigs.Pools;
using Trunkline.Controllers.Tests.Support;

namespace Trunkline.Controllers.Tests.MachineConfigs;

public class PoolTests
{
    [Theory]
    [InlineData(null, 5, 1)]
    [InlineData("2", 5, 2)]
    [InlineData("many", 5, 1)]
    [InlineData("0", 5, 1)]
    [InlineData("50%", 5, 2)]
    [InlineData("10%", 5, 1)]
    [InlineData("100%", 3, 3)]
    public void MaxUnavailable_is_rounded_down_and_at_least_one(string? wanted, int machines, int expected) =>
        Assert.Equal(expected, PoolCapacity.MaxUnavailable(wanted, machines));

    [Fact]
    public void One_after_the_other_by_default()
    {
        V1Node[] nodes = [Make.Worker("w1", "old"), Make.Worker("w0", "old")];
        Assert.Equal(["w0"], Next(null, nodes));
        Assert.Equal(["w0", "w1"], Next("2", nodes));
    }

    [Theory]
    [InlineData("cordoned")]
    [InlineData("notready")]
    [InlineData("working")]
    [InlineData("undone")]
    public void A_node_that_is_away_takes_the_place_of_one(string how) => Assert.Empty(Next(null,
    [
        Make.Worker("w0", "old", n => Break(n, how)), Make.Worker("w1", "old"),
    ]));

    [Fact]
    public void A_node_that_fails_on_this_config_takes_one_too_and_one_that_fails_on_another_may_be_sent_here()
    {
        var failing = Make.Worker("w0", "old", n =>
        {
            n.Metadata.Annotations[MachineConfigNames.DesiredConfig] = "rendered-new";
            n.Metadata.Annotations[MachineConfigNames.State] = "Degraded";
        });
        Assert.Empty(Next(null, [failing, Make.Worker("w1", "old")]));
        failing.Metadata.Annotations[MachineConfigNames.DesiredConfig] = "rendered-bad";
        Assert.Equal(["w0"], Next(null, [failing, Make.Worker("w1", "old")]));
    }

    [Fact]
    public void Zone_by_zone_oldest_first_without_zone_last()
    {
        static V1Node At(string name, string? zone, int age) => Make.Worker(name, "old", n =>
        {
            n.Metadata.CreationTimestamp = Make.Noon.AddDays(-age);
            if (zone is not null)
            {
                n.Metadata.Labels["topology.kubernetes.io/zone"] = zone;
            }
        });

        Assert.Equal(["a-old", "a-new", "b", "none"],
            PoolCapacity.Order([At("none", null, 99), At("b", "b", 50), At("a-new", "a", 1), At("a-old", "a", 2)]).Select(n => n.Metadata.Name));
    }

    [Fact]
    public void Masters_are_masters_and_custom_pools_win_over_worker()
    {
        MachineConfigPool[] pools = [Make.Pool("master"), Make.Pool("worker"), Make.Pool("infra")];
        Assert.Equal("worker", PoolNode.PrimaryPool(Make.Worker("w"), pools));
        Assert.Equal("infra", PoolNode.PrimaryPool(Make.Worker("w", with: n => n.Metadata.Labels["node-role.kubernetes.io/infra"] = ""), pools));
        Assert.Equal("master", PoolNode.PrimaryPool(Make.Worker("w", with: n => n.Metadata.Labels["node-role.kubernetes.io/master"] = ""), pools));
        Assert.Null(PoolNode.PrimaryPool(Make.Node("n"), pools));
    }

    [Fact]
    public void An_updated_pool_says_so_and_only_then_takes_over_the_configuration()
    {
        var pool = Make.Pool(with: p => p.Status = new MachineConfigPoolStatus { Configuration = new PoolConfiguration { Name = "old" } });
        var half = PoolStatusBuilder.Build(pool, [Make.Worker("w0", "rendered-new"), Make.Worker("w1", "old")], Make.Noon);
        Assert.Equal((2, 1, 1, 0, 0), Counts(half));
        Assert.Equal("old", half.Configuration!.Name);
        Assert.Equal("Updated=False Updating=True:All nodes are updating to rendered-new NodeDegraded=False RenderDegraded=False Degraded=False", Words(half));

        var done = PoolStatusBuilder.Build(pool, [Make.Worker("w0", "rendered-new"), Make.Worker("w1", "rendered-new")], Make.Noon);
        Assert.Equal((2, 2, 2, 0, 0), Counts(done));
        Assert.Equal("rendered-new", done.Configuration!.Name);
        Assert.Equal("Updated=True:All nodes are updated with rendered-new Updating=False NodeDegraded=False RenderDegraded=False Degraded=False", Words(done));
        Assert.Equal(3, done.ObservedGeneration);
    }

    [Theory]
    [InlineData("cordoned")]
    [InlineData("notready")]
    public void Updated_needs_every_node_to_take_work(string how)
    {
        var status = PoolStatusBuilder.Build(Make.Pool(), [Make.Worker("w0", "rendered-new", n => Break(n, how))], Make.Noon);
        Assert.Equal((1, 1, 0, 1, 0), Counts(status));
        Assert.StartsWith("Updated=False", Words(status), StringComparison.Ordinal);
    }

    [Fact]
    public void A_paused_pool_does_not_update()
    {
        var status = PoolStatusBuilder.Build(Make.Pool(with: p => p.Spec.Paused = true), [Make.Worker("w0", "old")], Make.Noon);
        Assert.StartsWith("Updated=False Updating=False:Pool is paused; will not update to rendered-new", Words(status), StringComparison.Ordinal);
    }

    [Fact]
    public void Degraded_nodes_are_named_with_what_they_say()
    {
        var status = PoolStatusBuilder.Build(Make.Pool(), [Make.Worker("w0", "old", n =>
        {
            n.Metadata.Annotations[MachineConfigNames.State] = "Degraded";
            n.Metadata.Annotations[MachineConfigNames.Reason] = "content mismatch for file \"/etc/a\"";
        })], Make.Noon);
        var condition = status.Conditions.Single(c => c.Type == "NodeDegraded");
        Assert.Equal("1 nodes are reporting degraded status on sync", condition.Reason);
        Assert.Equal("Node w0 is reporting: \"content mismatch for file \\\"/etc/a\\\"\"", condition.Message);
        Assert.Equal("True", status.Conditions.Single(c => c.Type == "Degraded").Status);
        Assert.Equal(1, status.DegradedMachineCount);
    }

    [Fact]
    public void A_condition_keeps_its_time_while_its_status_stays()
    {
        var conditions = new List<PoolCondition>();
        Assert.True(PoolConditions.Set(conditions, "Updating", true, "", "a", Make.Noon));
        Assert.True(PoolConditions.Set(conditions, "Updating", true, "", "b", Make.Noon.AddHours(1)));
        Assert.Equal(Make.Noon, Assert.Single(conditions).LastTransitionTime);
        Assert.False(PoolConditions.Set(conditions, "Updating", true, "", "b", Make.Noon.AddHours(2)));
        Assert.True(PoolConditions.Set(conditions, "Updating", false, "", "", Make.Noon.AddHours(2)));
        Assert.Equal(Make.Noon.AddHours(2), Assert.Single(conditions).LastTransitionTime);
    }

    [Theory]
    [InlineData(null, null, null)]
    [InlineData("drain-rendered-a", null, "drain")]
    [InlineData("drain-rendered-a", "drain-rendered-a", null)]
    [InlineData("uncordon-rendered-a", "drain-rendered-a", "uncordon")]
    [InlineData("dance-rendered-a", null, null)]
    public void Drain_requests(string? desired, string? applied, string? verb)
    {
        var node = Make.Worker("w", with: n =>
        {
            n.Metadata.Annotations[MachineConfigNames.DesiredDrain] = desired;
            n.Metadata.Annotations[MachineConfigNames.LastAppliedDrain] = applied;
        });
        Assert.Equal(verb, DrainRequest.Of(node)?.Verb);
    }

    [Fact]
    public void A_drain_leaves_DaemonSets_and_mirror_Pods()
    {
        static V1Pod Owned(string name, string kind) => Make.Running(name, "10.128.2.1", with: p =>
            p.Metadata.OwnerReferences = [new V1OwnerReference { Kind = kind, Name = "o", Uid = "u", ApiVersion = "apps/v1", Controller = true }]);

        var mirror = Make.Running("static", "10.128.2.1", with: p => p.Metadata.Annotations = new Dictionary<string, string> { ["kubernetes.io/config.mirror"] = "x" });
        Assert.Equal(["bare", "replica"], DrainFilter.PodsToEnd("worker-0",
            [Owned("daemon", "DaemonSet"), Owned("replica", "ReplicaSet"), mirror, Make.Running("bare", "10.128.2.2"), Make.Running("far", "10.128.2.3", "worker-1")])
            .Select(p => p.Metadata.Name).Order());
    }

    private static IEnumerable<string> Next(string? max, V1Node[] nodes) =>
        PoolCapacity.Next(Make.Pool(with: p => p.Spec.MaxUnavailable = max), nodes).Select(n => n.Metadata.Name);

    private static void Break(V1Node node, string how)
    {
        switch (how)
        {
            case "cordoned":
                node.Spec.Unschedulable = true;
                break;
            case "notready":
                node.Status.Conditions[0].Status = "Unknown";
                break;
            case "working":
                node.Metadata.Annotations[MachineConfigNames.DesiredConfig] = "rendered-new";
                node.Metadata.Annotations[MachineConfigNames.State] = "Working";
                break;
            default:
                node.Metadata.Annotations[MachineConfigNames.DesiredConfig] = "rendered-new";
                break;
        }
    }

    private static (int, int, int, int, int) Counts(MachineConfigPoolStatus s) =>
        (s.MachineCount, s.UpdatedMachineCount, s.ReadyMachineCount, s.UnavailableMachineCount, s.DegradedMachineCount);

    private static string Words(MachineConfigPoolStatus s) =>
        string.Join(' ', s.Conditions.Select(c => $"{c.Type}={c.Status}{(c.Message.Length > 0 ? ":" + c.Message : "")}"));
}
