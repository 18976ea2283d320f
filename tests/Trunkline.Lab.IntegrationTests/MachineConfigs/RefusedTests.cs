using Trunkline.Lab.IntegrationTests.Support;
using Xunit;

namespace Trunkline.Lab.IntegrationTests.MachineConfigs;

/// <summary>MachineConfigs that cannot be carried out: the pool says why, and no worker is touched. And what a roll-out waits for.</summary>
public sealed class RefusedTests(RunningLab lab) : IClassFixture<RunningLab>
{
    private const string File = """{"storage": {"files": [FILE]}}""";
    private readonly WorkerPool _pool = new(lab);

    public static TheoryData<string, string, string, string> Bad => new()
    {
        { "version", "{}", "9.9.9", "unknown version. Supported spec versions: 2.2, 3.0, 3.1, 3.2, 3.3, 3.4, 3.5" },
        { "base64", """{"path": "/etc/x", "contents": {"source": "data:;base64,***"}}""", "3.2.0", "unable to decode base64" },
        { "relative", """{"path": "etc/x", "contents": {"source": "data:,x"}}""", "3.2.0", "path not absolute" },
        { "twice", """{"path": "/etc/x", "contents": {"source": "data:,x"}}, {"path": "/etc/x", "contents": {"source": "data:,y"}}""", "3.2.0", "duplicate entry defined" },
        { "http", """{"path": "/etc/x", "contents": {"source": "http://example.com/x"}}""", "3.2.0", "invalid url scheme" },
    };

    [Fact]
    public async Task What_cannot_be_rendered_degrades_the_pool_and_reboots_nobody()
    {
        var (boots, desired) = (await _pool.BootIdsAsync(), await _pool.AnnotationAsync("worker-0", "desiredConfig"));
        foreach (var (name, file, version, words) in Bad.Select(row => row.Data))
        {
            await RefusedAsync(WorkerPool.Manifest($"90-{name}", file == "{}" ? file : File.Replace("FILE", file, StringComparison.Ordinal), version), $"90-{name}", "RenderDegraded", words);
        }

        await RefusedAsync(WorkerPool.Manifest("90-links", """{"storage": {"links": [{"path": "/etc/d", "target": "/etc/hosts"}]}}"""), "90-links",
            "RenderDegraded", "ignition links section contains changes");
        await RefusedAsync(WorkerPool.Manifest("90-disks", """{"storage": {"disks": [{"device": "/dev/sda", "wipeTable": true}]}}"""), "90-disks",
            "RenderDegraded", "ignition disks section contains changes");
        Assert.Equal(boots, await _pool.BootIdsAsync());
        Assert.Equal(desired, await _pool.AnnotationAsync("worker-0", "desiredConfig"));
    }

    [Fact]
    public async Task What_only_the_node_can_judge_is_said_by_the_node()
    {
        var boots = await _pool.BootIdsAsync();
        await RefusedAsync(WorkerPool.Manifest("90-packed", """{"storage": {"files": [{"path": "/etc/x", "contents": {"compression": "gzip", "source": "data:,x"}}]}}"""),
            "90-packed", "NodeDegraded", "can't reconcile config rendered-worker-");
        await RefusedAsync(WorkerPool.Manifest("90-kernel", "{}", spec: """{"kernelArguments": ["nosmt"]}"""), "90-kernel",
            "NodeDegraded", "kernelArguments: a lab's node runs on the machine's own kernel");
        Assert.Equal(boots, await _pool.BootIdsAsync());
    }

    [Fact]
    public async Task A_disruption_budget_without_room_holds_the_roll_out_until_it_has()
    {
        await lab.SleeperAsync("default", "guarded-0", "worker-0");
        await lab.SleeperAsync("default", "guarded-1", "worker-1");
        (await lab.Kubectl("label pod guarded-0 guarded-1 guarded=yes")).Succeeded.ToString();
        await lab.ApplyAsync("""
            {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "both"},
             "spec": {"minAvailable": 2, "selector": {"matchLabels": {"guarded": "yes"}}}}
            """);
        var daemons = await DaemonsAsync();
        var boots = await _pool.BootIdsAsync();
        await lab.ApplyAsync(WorkerPool.Manifest("90-held", """{"storage": {"files": [{"path": "/etc/modules-load.d/sctp-load.conf", "contents": {"source": "data:,sctp"}}]}}"""));

        var held = "";
        await Wait.UntilAsync("a cordoned worker whose drain says what blocks it", async () =>
            (held = string.Concat(await _pool.CordonedAsync())).Length > 0
            && (await lab.GetAsync($"events --field-selector reason=EvictionBlocked,involvedObject.name={held}", ".items[*].message"))
                .Contains("Cannot evict pod as it would violate the pod's disruption budget", StringComparison.Ordinal));
        Assert.Equal("True", (string)(await _pool.ConditionAsync("Updating"))["status"]!);
        Assert.Equal("Working", await _pool.AnnotationAsync(held, "state"));
        Assert.Equal(boots, await _pool.BootIdsAsync());

        (await lab.Kubectl("delete pdb both")).Succeeded.ToString();
        await OneAtATimeAsync();
        Assert.Empty((await _pool.BootIdsAsync()).Intersect(boots));
        Assert.NotEqual(0, (await lab.Kubectl("get pod guarded-0 guarded-1")).ExitCode);
        Assert.Equal(daemons, await DaemonsAsync()); // a DaemonSet's Pods stay, and start again with their node

        // Listed, and blacklisted still: systemd-modules-load honours that.
        Assert.Equal("off", await _pool.ModuleAsync("worker-0"));
        (await lab.Kubectl("delete mc/90-held daemonset/stays")).Succeeded.ToString();
        await _pool.SetAsync("""{"maxUnavailable":2}""");
        await _pool.RunsAsync();
        await _pool.SetAsync("""{"maxUnavailable":null}""");
    }

    private async Task OneAtATimeAsync()
    {
        using var stop = new CancellationTokenSource();
        var most = 0;
        var watching = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                most = Math.Max(most, (await _pool.CordonedAsync()).Length);
            }
        });
        await _pool.RunsAsync("90-held");
        await stop.CancelAsync();
        await watching;
        Assert.Equal(1, most);
        Assert.Empty(await _pool.CordonedAsync());
        foreach (var worker in WorkerPool.Workers)
        {
            Assert.Equal("Done", await _pool.AnnotationAsync(worker, "state"));
            Assert.Equal($"uncordon-{await _pool.AnnotationAsync(worker, "currentConfig")}", await _pool.AnnotationAsync(worker, "lastAppliedDrain"));
        }
    }

    private async Task<string[]> DaemonsAsync()
    {
        await lab.ApplyAsync("""
            {"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {"name": "stays"}, "spec": {"selector": {"matchLabels": {"app": "stays"}},
             "template": {"metadata": {"labels": {"app": "stays"}}, "spec": {"terminationGracePeriodSeconds": 0, "containers": [{"name": "c", "image": "x", "command": ["sleep", "inf"]}]}}}}
            """);
        (await lab.Kubectl("rollout status daemonset/stays --timeout=60s")).Succeeded.ToString();
        return [.. (await lab.GetAsync("pods -l app=stays", ".items[*].metadata.uid")).Split(' ').Order(StringComparer.Ordinal)];
    }

    private async Task RefusedAsync(string manifest, string name, string condition, string words)
    {
        await lab.ApplyAsync(manifest);
        await Wait.UntilAsync($"{name} to be {condition}", async () =>
            ((string)(await _pool.ConditionAsync(condition))["message"]!).Contains(words, StringComparison.Ordinal)
            && (string)(await _pool.ConditionAsync("Degraded"))["status"]! == "True");
        (await lab.Kubectl($"delete mc {name}")).Succeeded.ToString();
        await Wait.UntilAsync($"the pool to be well after {name}", async () =>
            (string)(await _pool.ConditionAsync("Degraded"))["status"]! == "False" && (string)(await _pool.ConditionAsync("Updated"))["status"]! == "True");
    }
}
