using k8s.Models;
using Trunkline.Controllers.Client;
using Trunkline.Controllers.Nodes;
using Trunkline.Controllers.Tests.Support;

namespace Trunkline.Controllers.Tests.Nodes;

public class NodeHealthTests
{
    private static readonly DateTimeOffset _start = new(Make.Noon, TimeSpan.Zero);
    private static readonly ControllerOptions _options = new();

    [Fact]
    public void A_renewed_lease_is_a_sign_of_life_whatever_its_clock_says()
    {
        var node = Make.Node("w");
        var first = NodeHealth.Observe(null, node, Lease(Make.Noon.AddDays(-1)), _start);
        var second = NodeHealth.Observe(first, node, Lease(Make.Noon.AddDays(-1).AddSeconds(2)), _start.AddSeconds(7));
        Assert.Equal(TimeSpan.FromSeconds(8), second.Remaining(node, _options, _start.AddSeconds(7)));
    }

    [Fact]
    public void Silence_runs_out_after_the_grace_period()
    {
        var node = Make.Node("w");
        var first = NodeHealth.Observe(null, node, Lease(Make.Noon), _start);
        var later = NodeHealth.Observe(first, node, Lease(Make.Noon), _start.AddSeconds(8));
        Assert.Equal(TimeSpan.Zero, later.Remaining(node, _options, _start.AddSeconds(8)));
    }

    [Fact]
    public void Our_own_Unknown_is_no_sign_of_life()
    {
        var node = Make.Node("w");
        var first = NodeHealth.Observe(null, node, null, _start);
        node.Status.Conditions = NodeConditions.Unknown(node, Make.Noon.AddSeconds(9))!;
        var later = NodeHealth.Observe(first, node, null, _start.AddSeconds(9));
        Assert.Equal(_start, later.HeardAt);
    }

    [Fact]
    public void A_node_made_anew_under_the_name_starts_anew()
    {
        var first = NodeHealth.Observe(null, Make.Node("w"), null, _start);
        var other = NodeHealth.Observe(first, Make.Node("w", n => n.Metadata.Uid = "another"), null, _start.AddHours(1));
        Assert.Equal(_start.AddHours(1), other.HeardAt);
    }

    [Fact]
    public void Conditions_become_Unknown_once_with_the_kubelets_words()
    {
        var node = Make.Node("w");
        node.Status.Conditions = NodeConditions.Unknown(node, Make.Noon)!;
        var ready = node.Condition("Ready")!;
        Assert.Equal(("Unknown", "NodeStatusUnknown", "Kubelet stopped posting node status."), (ready.Status, ready.Reason, ready.Message));
        Assert.Equal("NodeStatusNeverUpdated", node.Condition("MemoryPressure")!.Reason);
        Assert.Null(NodeConditions.Unknown(node, Make.Noon));
    }

    private static V1Lease Lease(DateTime renewed) => new() { Spec = new V1LeaseSpec { RenewTime = renewed } };
}
