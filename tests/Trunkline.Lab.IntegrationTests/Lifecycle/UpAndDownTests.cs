using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Trunkline.Lab.IntegrationTests.Support;
using Xunit;

namespace Trunkline.Lab.IntegrationTests.Lifecycle;

/// <summary>A lab from nothing to nothing, by its command line.</summary>
public sealed class UpAndDownTests : IAsyncDisposable
{
    private readonly string _name = $"ud-{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..4]}";

    public async ValueTask DisposeAsync()
    {
        (await Down()).Succeeded.ToString();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Down_leaves_nothing_behind_whatever_was_killed_before()
    {
        var before = MachineSnapshot.Take(_name);
        Assert.Empty(before.Files);
        (await Up()).Succeeded.ToString();
        var lab = LabManager.Open(_name);
        Assert.NotEmpty(MachineSnapshot.Take(_name).Mounts);
        Assert.NotEmpty(MachineSnapshot.Take(_name).Cgroups);

        // A capture whose starter was killed sits in a node's namespaces, in nobody's control group.
        using var orphan = lab.Start("worker-0", ["sleep", "1000"]);
        Kill(lab.MachinePid("worker-1"));
        Kill(lab.ControlPlanePid);
        Kill(lab.AgentPid("worker-0"));

        Assert.Contains("is down", (await Down()).Succeeded, StringComparison.Ordinal);

        await orphan.WaitForExitAsync(TestContext.Current.CancellationToken);
        var after = MachineSnapshot.Take(_name);
        Assert.Empty(after.Mounts);
        Assert.Empty(after.Cgroups);
        Assert.Empty(after.Files);
        Assert.Empty(after.Processes);
    }

    [Fact]
    public async Task A_second_up_says_so_and_one_after_kills_repairs()
    {
        (await Up()).Succeeded.ToString();
        Assert.Contains("is up already", (await Up()).Succeeded, StringComparison.Ordinal);
        var lab = LabManager.Open(_name);
        var boots = await BootsAsync(lab);

        Kill(lab.ControlPlanePid);
        Kill(lab.MachinePid("worker-0"));

        var repaired = (await Up()).Succeeded;
        Assert.Contains("was dead, started again: control plane, worker-0", repaired, StringComparison.Ordinal);
        var again = await BootsAsync(lab);
        Assert.NotEqual(boots["worker-0"], again["worker-0"]);
        Assert.Equal(boots["worker-1"], again["worker-1"]);
    }

    [Fact]
    public async Task An_up_killed_in_the_middle_is_finished_by_the_next()
    {
        foreach (var milliseconds in new[] { 120, 350, 600 })
        {
            using var up = Process.Start(new ProcessStartInfo(Repository.Trunkline, ["lab", "up", "--name", _name]) { RedirectStandardOutput = true })!;
            await Task.Delay(milliseconds, TestContext.Current.CancellationToken);
            up.Kill();
            await up.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        (await Up()).Succeeded.ToString();
        Assert.Equal(0, (await RunningLab.Trunkline("lab", "status", "--name", _name)).ExitCode);
    }

    [Fact]
    public async Task A_lab_whose_pins_are_gone_as_after_the_machines_reboot_keeps_its_state()
    {
        (await Up()).Succeeded.ToString();
        var boots = await BootsAsync(LabManager.Open(_name));
        foreach (var pin in Directory.GetFiles($"/run/trunkline/labs/{_name}/netns"))
        {
            (await Command.RunAsync("umount", ["-l", pin])).Succeeded.ToString();
        }

        var up = (await Up()).Succeeded;

        Assert.Contains("its state is kept", up, StringComparison.Ordinal);
        Assert.DoesNotContain(boots["worker-0"], (await BootsAsync(LabManager.Open(_name))).Values);
    }

    [Fact]
    public async Task Two_labs_live_side_by_side_and_one_goes_without_the_other()
    {
        var other = _name + "x";
        try
        {
            var ups = await Task.WhenAll(Up(), RunningLab.Trunkline("lab", "up", "--name", other, "--workers", "1"));
            Assert.All(ups, up => Assert.Equal(0, up.ExitCode));
            Assert.NotEqual(LabManager.Open(_name).Server, LabManager.Open(other).Server);
        }
        finally
        {
            (await RunningLab.Trunkline("lab", "down", "--name", other)).Succeeded.ToString();
        }

        Assert.Equal(0, (await RunningLab.Trunkline("lab", "status", "--name", _name)).ExitCode);
    }

    [Fact]
    public async Task Another_shape_is_refused_while_it_is_up()
    {
        (await Up()).Succeeded.ToString();

        var refused = await RunningLab.Trunkline("lab", "up", "--name", _name, "--workers", "3");

        Assert.Equal((int)LabFailure.Different, refused.ExitCode);
        Assert.Single(refused.Error.Trim().Split('\n'));
    }

    [Fact]
    public async Task A_port_in_use_is_one_sentence_and_nothing_is_left()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();

        var refused = await RunningLab.Trunkline("lab", "up", "--name", _name, "--port", $"{((IPEndPoint)other.LocalEndpoint).Port}");

        Assert.Equal((int)LabFailure.PortInUse, refused.ExitCode);
        Assert.Single(refused.Error.Trim().Split('\n'));
        Assert.Empty(MachineSnapshot.Take(_name).Cgroups);
    }

    [Fact]
    public async Task What_is_not_there_is_said_so()
    {
        Assert.Equal((int)LabFailure.NotUp, (await RunningLab.Trunkline("lab", "status", "--name", _name)).ExitCode);
        Assert.Equal((int)LabFailure.NotUp, (await RunningLab.Trunkline("lab", "kubeconfig", "--name", _name)).ExitCode);
        Assert.Contains("there is no lab", (await Down()).Succeeded, StringComparison.Ordinal);
        Assert.Equal((int)LabFailure.Usage, (await RunningLab.Trunkline("lab", "up", "--name", "../etc")).ExitCode);
    }

    [Fact]
    public async Task Without_root_or_without_programs_it_says_what_to_do()
    {
        var plain = await Command.RunAsync("setpriv", ["--reuid=65534", "--clear-groups", Repository.Trunkline, "lab", "up", "--name", _name]);
        Assert.SkipWhen(plain.Error.Contains("Permission denied", StringComparison.Ordinal), "the checkout cannot be read by other users");

        Assert.Equal((int)LabFailure.Machine, plain.ExitCode);
        Assert.Contains("needs root", plain.Error, StringComparison.Ordinal);
        Assert.Single(plain.Error.Trim().Split('\n'));
    }

    private Task<Command> Up() => RunningLab.Trunkline("lab", "up", "--name", _name);

    private Task<Command> Down() => RunningLab.Trunkline("lab", "down", "--name", _name);

    private static void Kill(int? pid) => Process.GetProcessById(pid ?? throw new InvalidOperationException("it is dead already")).Kill();

    private static async Task<Dictionary<string, string>> BootsAsync(LabHandle lab)
    {
        var boots = new Dictionary<string, string>();
        foreach (var node in lab.Nodes)
        {
            boots.Add(node.Name, (await lab.ReadFileAsync(node.Name, "/run/trunkline/boot_id", TestContext.Current.CancellationToken)).Trim());
        }

        return boots;
    }
}
