using k8s.Models;
using Trunkline.Controllers.Nodes;
using Trunkline.Controllers.Tests.Support;

namespace Trunkline.Controllers.Tests.Nodes;

public class NodeTaintTests
{
    [Theory]
    [InlineData("True", false, "")]
    [InlineData("False", false, "node.kubernetes.io/not-ready:NoSchedule node.kubernetes.io/not-ready:NoExecute")]
    [InlineData("Unknown", false, "node.kubernetes.io/unreachable:NoSchedule node.kubernetes.io/unreachable:NoExecute")]
    [InlineData("True", true, "node.kubernetes.io/unschedulable:NoSchedule")]
    public void Taints_follow_the_state(string ready, bool cordoned, string expected)
    {
        var node = Make.Node("w", n =>
        {
            n.Status.Conditions[0].Status = ready;
            n.Spec.Unschedulable = cordoned;
        });
        Assert.Equal(expected, string.Join(' ', NodeTaints.FromState(node).Select(t => $"{t.Key}:{t.Effect}")));
    }

    [Fact]
    public void A_node_that_answers_again_loses_ours_and_keeps_others()
    {
        var node = Make.Node("w", n => n.Spec.Taints =
        [
            new V1Taint { Key = NodeTaints.Unreachable, Effect = "NoExecute" },
            new V1Taint { Key = "UpdateInProgress", Effect = "PreferNoSchedule" },
        ]);
        Assert.Equal("UpdateInProgress", Assert.Single(NodeTaints.Corrected(node, Make.Noon)!).Key);
    }

    [Fact]
    public void A_taint_that_stays_keeps_its_time_and_nothing_to_do_is_null()
    {
        var node = Make.Node("w", n => n.Status.Conditions[0].Status = "False");
        node.Spec.Taints = NodeTaints.Corrected(node, Make.Noon)!;
        Assert.All(node.Spec.Taints, t => Assert.Equal(Make.Noon, t.TimeAdded));
        Assert.Null(NodeTaints.Corrected(node, Make.Noon.AddHours(1)));
    }

    [Theory]
    [InlineData(null, null, 0)]
    [InlineData("Exists", null, null)]
    [InlineData("Exists", 300L, 300)]
    [InlineData("Exists", 0L, 0)]
    [InlineData("Exists", -5L, 0)]
    public void NoExecute_ends_Pods_after_what_they_tolerate(string? op, long? seconds, int? expected)
    {
        var pod = Make.Pod("p", with: p => p.Spec.Tolerations = op is null ? null
            : [new V1Toleration { Key = NodeTaints.Unreachable, OperatorProperty = op, Effect = "NoExecute", TolerationSeconds = seconds }]);
        var taint = new V1Taint { Key = NodeTaints.Unreachable, Effect = "NoExecute", TimeAdded = Make.Noon };
        var noon = new DateTimeOffset(Make.Noon, TimeSpan.Zero);
        Assert.Equal(expected is null ? null : noon.AddSeconds(expected.Value), TaintEviction.Deadline(pod, [taint], noon));
    }

    [Fact]
    public void NoSchedule_ends_nobody_and_the_shortest_toleration_counts()
    {
        var noon = new DateTimeOffset(Make.Noon, TimeSpan.Zero);
        Assert.Null(TaintEviction.Deadline(Make.Pod("p"), [new V1Taint { Key = "k", Effect = "NoSchedule" }], noon));
        var pod = Make.Pod("p", with: p => p.Spec.Tolerations =
        [
            new V1Toleration { OperatorProperty = "Exists", TolerationSeconds = 60 }, new V1Toleration { OperatorProperty = "Exists", TolerationSeconds = 10 },
        ]);
        Assert.Equal(noon.AddSeconds(10), TaintEviction.Deadline(pod, [new V1Taint { Key = "k", Effect = "NoExecute", TimeAdded = Make.Noon }], noon));
    }
}
