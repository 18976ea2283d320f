using System.Diagnostics;
using Trunkline.Lab.IntegrationTests.Support;
using Xunit;

namespace Trunkline.Lab.IntegrationTests.Faults;

/// <summary>kill -9 of what runs containers and carries out roll-outs, in the middle of both: it goes on by itself, or with `lab up`.</summary>
public sealed class KilledRuntimeTests(RunningLab lab) : IClassFixture<RunningLab>
{
    private const string Worker = "worker-0";

    [Fact]
    public async Task A_container_whose_monitor_was_killed_starts_again()
    {
        await lab.SleeperAsync("default", "watched", Worker);
        var id = (await lab.GetAsync("pod watched", ".status.containerStatuses[0].containerID"))["runc://".Length..];
        var before = lab.Handle.ProcessIdentities(Worker);

        Kill(Assert.Single(Named("conmon"), pid => CommandLine(pid).Contains(id, StringComparison.Ordinal)));

        await Wait.UntilAsync("another container", async () => await lab.GetAsync("pod watched", ".status.containerStatuses[0].restartCount") == "1"
            && await lab.GetAsync("pod watched", ".status.containerStatuses[0].ready") == "true");
        Assert.Equal("ContainerStatusUnknown", await lab.GetAsync("pod watched", ".status.containerStatuses[0].lastState.terminated.reason"));
        Assert.True(before.Except(lab.Handle.ProcessIdentities(Worker)).Count() >= 2, "the monitor's container is left behind");
    }

    [Fact]
    public async Task Pods_start_though_the_runtime_is_killed_under_them()
    {
        const int Pods = 5, Kills = 6;
        await lab.ApplyAsync(string.Concat(Enumerable.Range(0, Pods).Select(number => $$"""
            apiVersion: v1
            kind: Pod
            metadata: {name: struck-{{number}}, labels: {app: struck} }
            spec:
              terminationGracePeriodSeconds: 0
              nodeSelector: {kubernetes.io/hostname: {{Worker}} }
              containers: [{name: c, image: x, command: [sleep, inf]}]
            ---

            """)));
        var killed = new HashSet<int>();
        var started = TimeProvider.System.GetTimestamp();
        while (killed.Count < Kills && TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(4))
        {
            foreach (var pid in Named("runc").Where(killed.Add))
            {
                Kill(pid);
            }
        }

        Assert.NotEmpty(killed);
        (await lab.Kubectl("wait --for=condition=Ready --timeout=90s pod -l app=struck")).Succeeded.ToString();
        Assert.Equal("0\n", (await lab.ShellAsync("struck-0", "id -u")).Succeeded);
    }

    [Fact]
    public async Task A_roll_out_goes_on_after_agent_and_control_plane_were_killed()
    {
        var pool = new WorkerPool(lab);
        (await lab.Kubectl($"create -f {Repository.Manifest("04-machineconfig-load-sctp-module.yaml")}")).Succeeded.ToString();
        var first = "";
        await Wait.UntilAsync("a worker at work", async () =>
        {
            foreach (var worker in WorkerPool.Workers)
            {
                first = await pool.AnnotationAsync(worker, "state") == "Working" ? worker : first;
            }

            return first.Length > 0;
        });
        if (lab.Handle.AgentPid(first) is { } agent)
        {
            Kill(agent);
        }

        await Wait.UntilAsync("its reboot or its end", async () => !(await pool.CordonedAsync()).SequenceEqual([first]) || await pool.AnnotationAsync(first, "state") == "Done"
            || lab.Handle.InitPid(first) is null || (await lab.GetAsync($"node {first}", ".status.conditions[?(@.type==\"Ready\")].status")) != "True");
        Kill(lab.Handle.ControlPlanePid!.Value);
        (await RunningLab.Trunkline("lab", "up", "--name", lab.Name)).Succeeded.ToString();

        await pool.RunsAsync("load-sctp-module");
        foreach (var worker in WorkerPool.Workers)
        {
            Assert.Equal("loaded", await pool.ModuleAsync(worker));
        }

        Assert.Empty(await pool.CordonedAsync());
    }

    private IEnumerable<int> Named(string program) => lab.Handle.Processes(Worker).Where(pid => Read(pid, "comm").TrimEnd().StartsWith(program, StringComparison.Ordinal));

    private static string CommandLine(int pid) => Read(pid, "cmdline").Replace('\0', ' ');

    private static string Read(int pid, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/{file}");
        }
        catch (IOException)
        {
            return ""; // it ended while we looked
        }
    }

    private static void Kill(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            process.Kill();
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            // It ended while we looked.
        }
    }
}
