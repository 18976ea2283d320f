using k8s.Models;
using Trunkline.Node.Pods.State;
using Trunkline.Node.Pods.Status;
using Xunit;

namespace Trunkline.Node.Tests.Pods;

public sealed class PodStatusTests
{
    private static readonly DateTime Now = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    [Theory]
    [InlineData("Always", "running", "Running")]
    [InlineData("Always", "exit0", "Running")]
    [InlineData("Always", "waiting", "Pending")]
    [InlineData("Always", "creating", "Pending")]
    [InlineData("Never", "exit0", "Succeeded")]
    [InlineData("Never", "exit1", "Failed")]
    [InlineData("OnFailure", "exit0", "Succeeded")]
    [InlineData("OnFailure", "exit1", "Running")]
    [InlineData("Never", "exit0,running", "Running")]
    [InlineData("Never", "exit0,exit1", "Failed")]
    [InlineData("Never", "exit0,waiting", "Pending")]
    public void The_phase_follows_the_containers(string policy, string states, string phase)
    {
        var (pod, record) = Make(policy, states);
        Assert.Equal(phase, PodPhase.Compute(pod, record, ending: false));
    }

    [Theory]
    [InlineData("exit0", "Succeeded")]
    [InlineData("exit1", "Failed")]
    public void What_ended_while_the_pod_is_taken_away_stays_ended(string states, string phase)
    {
        var (pod, record) = Make("Always", states);
        Assert.Equal(phase, PodPhase.Compute(pod, record, ending: true));
    }

    [Fact]
    public void Conditions_keep_their_time_while_they_hold_and_others_conditions_stay()
    {
        var (pod, record) = Make("Always", "running");
        var earlier = Now.AddMinutes(-5);
        pod.Status = new V1PodStatus
        {
            Conditions =
            [
                new V1PodCondition { Type = "Ready", Status = "False", LastTransitionTime = earlier },
                new V1PodCondition { Type = "Initialized", Status = "True", LastTransitionTime = earlier },
                new V1PodCondition { Type = "PodScheduled", Status = "True", LastTransitionTime = earlier },
            ],
        };
        var status = Build(pod, record, new ContainerHealth(true, true));

        Assert.Equal(Now, status.Conditions.Single(c => c.Type == "Ready").LastTransitionTime);
        Assert.Equal(earlier, status.Conditions.Single(c => c.Type == "Initialized").LastTransitionTime);
        Assert.Equal("True", status.Conditions.Single(c => c.Type == "PodScheduled").Status);
    }

    [Fact]
    public void A_failing_readiness_probe_makes_the_pod_unready_by_name()
    {
        var (pod, record) = Make("Always", "running");
        var status = Build(pod, record, new ContainerHealth(true, false));
        var ready = status.Conditions.Single(c => c.Type == "Ready");

        Assert.Equal(("False", "ContainersNotReady", "containers with unready status: [c0]"), (ready.Status, ready.Reason, ready.Message));
        Assert.Equal("Running", status.Phase);
    }

    [Fact]
    public void A_crashing_container_waits_and_shows_how_it_ended()
    {
        var (pod, record) = Make("Always", "exit1");
        var container = record.Containers["c0"];
        container.WaitingReason = "CrashLoopBackOff";
        container.Last = container.Ended;
        var shown = Build(pod, record, default).ContainerStatuses[0];

        Assert.Equal("CrashLoopBackOff", shown.State.Waiting.Reason);
        Assert.Equal((1, "Error"), (shown.LastState.Terminated.ExitCode, shown.LastState.Terminated.Reason));
    }

    [Fact]
    public void Init_containers_hold_the_others_back()
    {
        var (pod, record) = Make("Never", "waiting");
        pod.Spec.InitContainers = [new V1Container { Name = "first" }];
        record.Containers["first"] = State("running");
        record.SandboxReady = true;
        var status = Build(pod, record, default);
        Assert.Equal(("Pending", "PodInitializing"), (status.Phase, status.ContainerStatuses[0].State.Waiting.Reason));
        Assert.Equal("containers with incomplete status: [first]", status.Conditions.Single(c => c.Type == "Initialized").Message);

        record.Containers["first"] = State("exit2");
        Assert.Equal("Failed", PodPhase.Compute(pod, record, ending: false));
    }

    private static V1PodStatus Build(V1Pod pod, PodRecord record, ContainerHealth health) =>
        new PodStatusBuilder(["192.168.126.11"], "base").Build(pod, record, ending: false, _ => health, Now);

    private static (V1Pod Pod, PodRecord Record) Make(string policy, string states)
    {
        var names = states.Split(',');
        var pod = new V1Pod
        {
            Metadata = new V1ObjectMeta { Name = "p", NamespaceProperty = "n", Uid = "u" },
            Spec = new V1PodSpec { RestartPolicy = policy, Containers = [.. names.Select((_, index) => new V1Container { Name = $"c{index}" })] },
        };
        var record = new PodRecord { Uid = "u", Namespace = "n", Name = "p", BootId = "b" };
        for (var index = 0; index < names.Length; index++)
        {
            record.Containers[$"c{index}"] = State(names[index]);
        }

        return (pod, record);
    }

    private static ContainerRecord State(string state) => state switch
    {
        "running" => new ContainerRecord { Phase = ContainerPhase.Running, Id = "id", StartedAt = Now },
        "creating" => new ContainerRecord { Phase = ContainerPhase.Creating, Id = "id" },
        "waiting" => new ContainerRecord(),
        _ => new ContainerRecord
        {
            Phase = ContainerPhase.Exited,
            Id = "id",
            Ended = new Termination("id", state[^1] - '0', state == "exit0" ? "Completed" : "Error", null, Now, Now),
        },
    };
}
