using Trunkline.Lab.IntegrationTests.Support;
using Xunit;

namespace Trunkline.Lab.IntegrationTests.Faults;

/// <summary>What kill -9 does to a lab: nothing that lasts.</summary>
public sealed class KilledTests(RunningLab lab) : IClassFixture<RunningLab>
{
    [Fact]
    public async Task A_pod_outlives_its_node_agent()
    {
        await lab.SleeperAsync("default", "survivor", "worker-0");
        var before = (await lab.Kubectl("get pod survivor -o jsonpath={.status.containerStatuses[0].containerID}/{.status.containerStatuses[0].restartCount}")).Succeeded;

        var killed = lab.Handle.AgentPid("worker-0");
        lab.KillAgent("worker-0");
        await Wait.UntilAsync("a new node agent", () => lab.Handle.AgentPid("worker-0") is { } pid && pid != killed);

        // Only a working agent can run a command in a Pod.
        await Wait.UntilAsync("exec", async () => (await lab.Kubectl("exec survivor -- true")).ExitCode == 0);
        Assert.Equal(before, (await lab.Kubectl("get pod survivor -o jsonpath={.status.containerStatuses[0].containerID}/{.status.containerStatuses[0].restartCount}")).Succeeded);
    }

    [Fact]
    public async Task What_was_written_survives_the_control_plane()
    {
        (await lab.Kubectl("create configmap kept --from-literal=a=b")).Succeeded.ToString();
        var pid = (await lab.StatusAsync())["controlPlane"]!["pid"]!.GetValue<int>();
        (await Command.RunAsync("kill", ["-9", $"{pid}"])).Succeeded.ToString();

        // The cluster's DNS is a process of its own: names are found though nobody is there who could change them.
        Assert.Equal("172.30.0.1", await DnsQuestion.AskAsync(lab.Handle.NetworkNamespacePath("worker-0"), "172.30.0.10", "kubernetes.default.svc.cluster.local", "A"));

        (await RunningLab.Trunkline("lab", "up", "--name", lab.Name)).Succeeded.ToString();

        Assert.Equal("b", (await lab.Kubectl("get configmap kept -o jsonpath={.data.a}")).Succeeded);
        await Wait.UntilAsync("all nodes Ready", async () =>
            (await lab.Kubectl("get nodes -o jsonpath={.items[*].status.conditions[?(@.type==\"Ready\")].status}")).Output == "True True True");
    }
}
