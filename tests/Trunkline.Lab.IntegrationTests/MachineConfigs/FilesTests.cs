using System.IO.Compression;
using Trunkline.Lab.IntegrationTests.Support;
using Xunit;

namespace Trunkline.Lab.IntegrationTests.MachineConfigs;

/// <summary>What MachineConfigs say stands on the workers' disks, and is gone again when they are.</summary>
public sealed class FilesTests(RunningLab lab) : IClassFixture<RunningLab>
{
    private const string Blacklist = "/etc/modprobe.d/sctp-blacklist.conf";
    private readonly WorkerPool _pool = new(lab);

    [Fact]
    public async Task Files_are_written_as_ignition_says_and_the_originals_come_back()
    {
        var boots = await _pool.BootIdsAsync();
        var original = await ReadAsync("worker-0", Blacklist);
        await PausedAsync();

        await _pool.SetAsync("""{"paused":false,"maxUnavailable":2}""");
        await Wait.UntilAsync("both workers at once, as maxUnavailable allows", async () =>
            (await lab.GetAsync("nodes -l node-role.kubernetes.io/worker", ".items[*].metadata.annotations.machineconfiguration\\.openshift\\.io/state"))
            .Split(' ') is ["Working", "Working"]);
        await _pool.RunsAsync("50-first", "60-second", "70-unit");

        foreach (var worker in WorkerPool.Workers)
        {
            await FilesStandAsync(worker);
        }

        Assert.Empty((await _pool.BootIdsAsync()).Intersect(boots));
        await AnAutoloadedModuleServesAsync();

        (await lab.Kubectl("delete mc 50-first 60-second 70-unit")).Succeeded.ToString();
        await _pool.RunsAsync();
        foreach (var worker in WorkerPool.Workers)
        {
            Assert.Equal(original, await ReadAsync(worker, Blacklist));
            Assert.Equal("off", await _pool.ModuleAsync(worker));
            Assert.False(File.Exists(At(worker, "/etc/plain.conf")));
            Assert.False(File.Exists(At(worker, "/etc/deep/er/base64.conf")));
            Assert.False(Path.Exists(At(worker, "/etc/systemd/system/lab-test.service")));
            Assert.Equal(await _pool.AnnotationAsync(worker, "desiredConfig"), await _pool.AnnotationAsync(worker, "currentConfig"));
        }
    }

    [Fact]
    public Task Enable_and_disable_switch_and_prove() => EnableStory.WalkAsync(lab.Kubeconfig, _pool);

    private async Task PausedAsync()
    {
        var before = await _pool.AnnotationAsync("worker-0", "desiredConfig");
        await _pool.SetAsync("""{"paused":true}""");
        await lab.ApplyAsync(WorkerPool.Manifest("60-second", """
            {"storage": {"files": [
              {"path": "/etc/merged.conf", "mode": 416, "overwrite": true, "contents": {"source": "data:,second%20%25%0A"}},
              {"path": "/etc/deep/er/base64.conf", "mode": 493, "contents": {"source": "data:text/plain;charset=utf-8;base64,c2N0cAo="}},
              {"path": "/etc/packed.conf", "contents": {"compression": "gzip", "source": "data:;base64,PACKED"}}]}}
            """.Replace("PACKED", Packed("many words"), StringComparison.Ordinal)));
        await lab.ApplyAsync(WorkerPool.Manifest("50-first", $$$"""
            {"storage": {"files": [
              {"path": "/etc/merged.conf", "mode": 384, "contents": {"source": "data:,first"}},
              {"path": "/etc/plain.conf", "mode": 256, "overwrite": false, "contents": {"source": "data:,plain"}},
              {"path": "{{{Blacklist}}}", "mode": 420, "overwrite": true, "contents": {"source": "data:,"}}]}}
            """));
        await lab.ApplyAsync(WorkerPool.Manifest("70-unit", """
            {"systemd": {"units": [{"name": "lab-test.service", "enabled": true, "contents": "[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n"}]}}
            """));
        await Wait.UntilAsync("the pool to say that it is paused", async () =>
            ((string)(await _pool.ConditionAsync("Updating"))["message"]!).StartsWith("Pool is paused; will not update to rendered-worker-", StringComparison.Ordinal));
        Assert.Equal("False", (string)(await _pool.ConditionAsync("Updating"))["status"]!);
        Assert.Equal(before, await _pool.AnnotationAsync("worker-0", "desiredConfig"));
        Assert.False(File.Exists(At("worker-0", "/etc/plain.conf")));
    }

    private async Task FilesStandAsync(string worker)
    {
        await Stands(worker, "/etc/merged.conf", "second %\n", 0b110_100_000);
        await Stands(worker, "/etc/plain.conf", "plain", 0b100_000_000);
        await Stands(worker, "/etc/deep/er/base64.conf", "sctp\n", 0b111_101_101);
        await Stands(worker, "/etc/packed.conf", "many words", 0b110_100_100);
        await Stands(worker, Blacklist, "", 0b110_100_100);
        Assert.Equal((UnixFileMode)0b111_101_101, File.GetUnixFileMode(At(worker, "/etc/deep/er")));
        await Stands(worker, "/etc/systemd/system/lab-test.service", "[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n", 0b110_100_100);
        Assert.Equal("/etc/systemd/system/lab-test.service", new FileInfo(At(worker, "/etc/systemd/system/multi-user.target.wants/lab-test.service")).LinkTarget);
        Assert.Contains("does not run them", await lab.GetAsync($"events --field-selector reason=UnitsNotRun,involvedObject.name={worker}", ".items[*].message"), StringComparison.Ordinal);
    }

    private async Task Stands(string worker, string path, string content, int mode)
    {
        Assert.Equal(content, await ReadAsync(worker, path));
        Assert.Equal((UnixFileMode)mode, File.GetUnixFileMode(At(worker, path)));
    }

    // Neither blacklisted nor listed: the first socket loads it, on the listener's node and on the caller's.
    private async Task AnAutoloadedModuleServesAsync()
    {
        Assert.Equal("autoload", await _pool.ModuleAsync("worker-0"));
        await lab.SleeperAsync("default", "server", "worker-0");
        await lab.SleeperAsync("default", "client", "worker-1");
        Assert.Equal("autoload", await _pool.ModuleAsync("worker-0")); // a Pod that asks for no socket loads nothing
        var address = await lab.GetAsync("pod server", ".status.podIP");
        var listener = lab.ShellAsync("server", "nc -l 30102 --sctp --recv-only");
        await Wait.UntilAsync("the module by its first socket", async () => await _pool.ModuleAsync("worker-0") == "loaded");
        await Wait.UntilAsync("the client", async () => (await lab.ShellAsync("client", $"echo nonce | nc {address} 30102 --sctp --send-only")).ExitCode == 0);
        Assert.Equal("nonce\n", (await listener).Succeeded);
        Assert.Equal("loaded", await _pool.ModuleAsync("worker-1"));
        (await lab.Kubectl("delete pod server client")).Succeeded.ToString();
    }

    private Task<string> ReadAsync(string worker, string path) => lab.Handle.ReadFileAsync(worker, path, TestContext.Current.CancellationToken);

    private string At(string worker, string path) => lab.Handle.PathInNode(worker, path);

    private static string Packed(string text)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(System.Text.Encoding.UTF8.GetBytes(text));
        }

        return Convert.ToBase64String(packed.ToArray());
    }
}
