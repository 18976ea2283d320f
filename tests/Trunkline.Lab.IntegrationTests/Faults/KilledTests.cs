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

        var killed = await KillAsync("worker-0", "node-agent");
        await EventuallyAsync("a new node agent", async () => (await ProcessesAsync("worker-0", "node-agent")).Except(killed).Any());

        // Only a working agent can run a command in a Pod.
        await EventuallyAsync("exec", async () => (await lab.Kubectl("exec survivor -- true")).ExitCode == 0);
        Assert.Equal(before, (await lab.Kubectl("get pod survivor -o jsonpath={.status.containerStatuses[0].containerID}/{.status.containerStatuses[0].restartCount}")).Succeeded);
    }

    [Fact]
    public async Task What_was_written_survives_the_control_plane()
    {
        (await lab.Kubectl("create configmap kept --from-literal=a=b")).Succeeded.ToString();
        var pid = (await lab.StatusAsync())["controlPlane"]!["pid"]!.GetValue<int>();
        (await Command.RunAsync("kill", ["-9", $"{pid}"])).Succeeded.ToString();

        (await RunningLab.Trunkline("lab", "up", "--name", lab.Name)).Succeeded.ToString();

        Assert.Equal("b", (await lab.Kubectl("get configmap kept -o jsonpath={.data.a}")).Succeeded);
        await EventuallyAsync("all nodes Ready", async () =>
            (await lab.Kubectl("get nodes -o jsonpath={.items[*].status.conditions[?(@.type==\"Ready\")].status}")).Output == "True True True");
    }

    private async Task<IReadOnlyList<int>> KillAsync(string node, string what)
    {
        var pids = await ProcessesAsync(node, what);
        Assert.NotEmpty(pids);
        foreach (var pid in pids)
        {
            await Command.RunAsync("kill", ["-9", $"{pid}"]);
        }

        return pids;
    }

    // By the lab's own word for which processes are the node's, and the kernel's for what they run.
    private async Task<IReadOnlyList<int>> ProcessesAsync(string node, string what)
    {
        var status = await lab.StatusAsync();
        var pids = status["nodes"]!.AsArray().First(n => n!["name"]!.GetValue<string>() == node)!["processes"]!.AsArray().Select(p => p!.GetValue<int>());
        return [.. pids.Where(pid => File.Exists($"/proc/{pid}/cmdline") && CommandLine(pid).Contains(what, StringComparison.Ordinal))];
    }

    private static string CommandLine(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline").Replace('\0', ' ');
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static async Task EventuallyAsync(string what, Func<Task<bool>> holds)
    {
        for (var i = 0; i < 300; i++)
        {
            if (await holds())
            {
                return;
            }

            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        Assert.Fail($"{what}: not within 30 s");
    }
}
