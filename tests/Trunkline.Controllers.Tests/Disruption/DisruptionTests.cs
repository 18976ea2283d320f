using k8s.Models;
using Trunkline.Controllers.Disruption;
using Trunkline.Controllers.Tests.Support;

namespace Trunkline.Controllers.Tests.Disruption;

public class DisruptionTests
{
    [Theory]
    [InlineData("2", null, 3, 3, 2, 1)]
    [InlineData("50%", null, 3, 3, 2, 1)]
    [InlineData(null, "1", 3, 3, 2, 1)]
    [InlineData(null, "34%", 3, 3, 1, 2)]
    [InlineData(null, "1", 3, 2, 2, 0)]
    [InlineData("3", null, 3, 2, 3, 0)]
    [InlineData(null, "100%", 3, 3, 0, 3)]
    [InlineData("0", null, 0, 0, 0, 0)]
    public void Counts(string? min, string? max, int expected, int healthy, int desired, int allowed)
    {
        var budget = Budget(min, max);
        var pods = Enumerable.Range(0, healthy).Select(i => Make.Running($"p{i}", $"10.128.2.{i}")).ToList();
        var status = DisruptionStatusBuilder.Build(budget, pods, expected, null, Noon);
        Assert.Equal((expected, healthy, desired, allowed), (status.ExpectedPods, status.CurrentHealthy, status.DesiredHealthy, status.DisruptionsAllowed));
        var condition = Assert.Single(status.Conditions);
        Assert.Equal(allowed > 0 ? ("True", "SufficientPods") : ("False", "InsufficientPods"), (condition.Status, condition.Reason));
        Assert.Equal(7, status.ObservedGeneration);
    }

    [Fact]
    public void Evicted_Pods_that_still_run_are_not_healthy_until_the_eviction_is_given_up()
    {
        var budget = Budget("1", null);
        budget.Status = new V1PodDisruptionBudgetStatus { DisruptedPods = new Dictionary<string, DateTime?> { ["p0"] = Make.Noon, ["gone"] = Make.Noon } };
        V1Pod[] pods = [Make.Running("p0", "10.128.2.1"), Make.Running("p1", "10.128.2.2")];
        var soon = DisruptionStatusBuilder.Build(budget, pods, 2, null, Noon.AddSeconds(1));
        Assert.Equal((1, 0), (soon.CurrentHealthy, soon.DisruptionsAllowed));
        Assert.Equal(["p0"], soon.DisruptedPods.Keys);
        Assert.Equal(2, DisruptionStatusBuilder.Build(budget, pods, 2, null, Noon.AddMinutes(3)).CurrentHealthy);
    }

    [Fact]
    public void Where_the_expected_count_is_unknown_nothing_may_be_disrupted()
    {
        var status = DisruptionStatusBuilder.Build(Budget(null, "1"), [Make.Running("p", "10.128.2.1")], null, "found no controllers for pod \"p\"", Noon);
        Assert.Equal(0, status.DisruptionsAllowed);
        Assert.Equal("SyncFailed", status.Conditions[0].Reason);
    }

    private static DateTimeOffset Noon => new(Make.Noon, TimeSpan.Zero);

    private static V1PodDisruptionBudget Budget(string? min, string? max) => new()
    {
        Metadata = new V1ObjectMeta { Name = "b", NamespaceProperty = "demo", Generation = 7 },
        Spec = new V1PodDisruptionBudgetSpec { MinAvailable = min, MaxUnavailable = max },
    };
}
