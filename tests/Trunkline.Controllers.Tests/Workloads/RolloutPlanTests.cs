using k8s.Models;
using Trunkline.Controllers.Tests.Support;
using Trunkline.Controllers.Workloads;

namespace Trunkline.Controllers.Tests.Workloads;

public class RolloutPlanTests
{
    [Theory]
    [InlineData("25%", "25%", 4, 1, 1)]
    [InlineData("25%", "25%", 3, 1, 0)]
    [InlineData("0", "0", 3, 0, 1)]
    [InlineData("1", "0", 1, 1, 0)]
    public void Limits(string surge, string unavailable, int replicas, int expectedSurge, int expectedUnavailable) =>
        Assert.Equal((expectedSurge, expectedUnavailable), RolloutPlan.Limits(Spec(replicas, surge, unavailable)));

    [Theory]
    [InlineData(3, 3, 3, 0, 0, 1, "3")]
    [InlineData(3, 3, 3, 1, 0, 1, "3")]
    [InlineData(3, 3, 3, 1, 1, 1, "2")]
    [InlineData(3, 2, 2, 1, 1, 2, "2")]
    [InlineData(3, 1, 1, 3, 3, 3, "0")]
    [InlineData(3, 3, 1, 1, 0, 1, "3")]
    [InlineData(3, 3, 1, 1, 1, 1, "2")]
    public void Rolling_update_keeps_enough_available(int replicas, int oldSpec, int oldAvailable, int newSpec, int newAvailable, int grows, string shrinks)
    {
        var spec = Spec(replicas, "1", "0");
        var (newest, old) = (Set("new", newSpec, newAvailable), Set("old", oldSpec, oldAvailable));
        Assert.Equal(grows, RolloutPlan.NewReplicas(spec, newest, [old]));
        var plan = RolloutPlan.OldReplicas(spec, newest, [old]);
        Assert.Equal(shrinks, plan.Count == 0 ? $"{oldSpec}" : $"{plan[0].Replicas}");
    }

    [Fact]
    public void Every_rollout_ends_and_never_breaks_its_limits() => CsCheck.Check.Sample(
        CsCheck.Gen.Select(CsCheck.Gen.Int[1, 12], CsCheck.Gen.Int[0, 4], CsCheck.Gen.Int[0, 4]), (replicas, surge, unavailable) =>
        {
            var spec = Spec(replicas, $"{surge}", $"{unavailable}");
            var limits = RolloutPlan.Limits(spec);
            var (newest, old) = (Set("new", 0, 0), Set("old", replicas, replicas));
            for (var step = 0; step < 200; step++)
            {
                newest.Spec.Replicas = RolloutPlan.NewReplicas(spec, newest, [old]);
                foreach (var (set, count) in RolloutPlan.OldReplicas(spec, newest, [old]))
                {
                    set.Spec.Replicas = count;
                    set.Status.AvailableReplicas = Math.Min(count, set.Status.AvailableReplicas ?? 0);
                }

                Assert.True(newest.Spec.Replicas + old.Spec.Replicas <= replicas + limits.Surge, "too many");
                Assert.True(newest.Status.AvailableReplicas + old.Status.AvailableReplicas >= replicas - limits.Unavailable, "too few available");
                if (newest.Spec.Replicas == replicas && old.Spec.Replicas == 0)
                {
                    return;
                }

                newest.Status.AvailableReplicas = Math.Min(newest.Spec.Replicas!.Value, newest.Status.AvailableReplicas!.Value + 1);
            }

            Assert.Fail($"never ends: {replicas} surge {surge} unavailable {unavailable}");
        });

    [Fact]
    public void Recreate_waits_for_the_old_to_end()
    {
        var spec = Spec(2, "1", "1");
        spec.Strategy.Type = "Recreate";
        var old = Set("old", 2, 2);
        Assert.Equal(0, RolloutPlan.NewReplicas(spec, Set("new", 0, 0), [old]));
        Assert.Equal(0, Assert.Single(RolloutPlan.OldReplicas(spec, Set("new", 0, 0), [old])).Replicas);
        old.Spec.Replicas = 0;
        Assert.Equal(0, RolloutPlan.NewReplicas(spec, Set("new", 0, 0), [old]));
        old.Status.Replicas = 0;
        Assert.Equal(2, RolloutPlan.NewReplicas(spec, Set("new", 0, 0), [old]));
    }

    [Fact]
    public void DaemonSets_run_where_they_may_stay_where_they_are_and_leave_what_refuses_them()
    {
        var set = new V1DaemonSet
        {
            ApiVersion = "apps/v1",
            Kind = "DaemonSet",
            Metadata = new V1ObjectMeta { Name = "d", NamespaceProperty = "demo", Uid = "uid-d" },
            Spec = new V1DaemonSetSpec { Template = new V1PodTemplateSpec { Spec = new V1PodSpec { Containers = [new V1Container { Name = "c" }] } } },
        };
        V1Node[] nodes =
        [
            Make.Node("fresh"), Make.Node("cordoned", n => n.Spec.Taints = [new V1Taint { Key = "node.kubernetes.io/unschedulable", Effect = "NoSchedule" }]),
            Make.Node("tainted", n => n.Spec.Taints = [new V1Taint { Key = "k", Effect = "NoSchedule" }]),
            Make.Node("refusing", n => n.Spec.Taints = [new V1Taint { Key = "k", Effect = "NoExecute" }]),
        ];
        V1Pod[] pods = [On("a", "tainted"), On("b", "refusing"), On("c", "lost")];
        var plan = DaemonPlan.Make(set, pods, nodes, "h", new DateTimeOffset(Make.Noon, TimeSpan.Zero));
        Assert.Equal(["cordoned", "fresh"], plan.Create);
        Assert.Equal(["b", "c"], plan.Delete.Select(p => p.Metadata.Name).Order());

        static V1Pod On(string name, string node) => Make.Running(name, "10.128.2.1", node, with: p =>
            p.Metadata.Labels = new Dictionary<string, string> { ["controller-revision-hash"] = "h" });
    }

    private static V1DeploymentSpec Spec(int replicas, string surge, string unavailable) => new()
    {
        Replicas = replicas,
        Strategy = new V1DeploymentStrategy
        {
            Type = "RollingUpdate",
            RollingUpdate = new V1RollingUpdateDeployment { MaxSurge = surge, MaxUnavailable = unavailable },
        },
    };

    private static V1ReplicaSet Set(string name, int replicas, int available) => new()
    {
        Metadata = new V1ObjectMeta { Name = name, CreationTimestamp = Make.Noon },
        Spec = new V1ReplicaSetSpec { Replicas = replicas },
        Status = new V1ReplicaSetStatus { Replicas = replicas, AvailableReplicas = available },
    };
}
