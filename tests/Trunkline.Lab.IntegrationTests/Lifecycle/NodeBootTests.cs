using Trunkline.Lab.IntegrationTests.Support;
using Xunit;

namespace Trunkline.Lab.IntegrationTests.Lifecycle;

/// <summary>What a node's reboot is, and what boot makes of the module's switch: on a real node, with its real /etc.</summary>
public sealed class NodeBootTests(RunningLab running) : IClassFixture<RunningLab>
{
    private const string Node = "worker-0";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private LabHandle Lab => LabManager.Open(running.Name);

    [Fact]
    public async Task A_reboot_ends_every_process_and_forgets_run_and_keeps_etc()
    {
        await SucceedsAsync("echo kept > /etc/kept; echo gone > /run/gone; nft add table ip leftover");
        var boot = await BootIdAsync();
        var before = Lab.ProcessIdentities(Node);

        await RebootAsync(boot);

        Assert.Empty(before.Intersect(Lab.ProcessIdentities(Node)));
        Assert.Equal("kept\n", await Lab.ReadFileAsync(Node, "/etc/kept", TestContext.Current.CancellationToken));
        Assert.False(File.Exists(Lab.PathInNode(Node, "/run/gone")));
        Assert.DoesNotContain("leftover", (await Lab.RunAsync(Node, ["nft", "list", "tables"], TestContext.Current.CancellationToken)).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("blacklist sctp", "", "off")]
    [InlineData("blacklist sctp", "sctp", "off")]
    [InlineData("", "", "autoload")]
    [InlineData("", "sctp", "loaded")]
    public async Task Boot_reads_the_switch(string modprobe, string modulesLoad, string expected)
    {
        await SucceedsAsync($"printf '%s\\n' '{modprobe}' > /etc/modprobe.d/sctp-blacklist.conf; printf '%s\\n' '{modulesLoad}' > /etc/modules-load.d/sctp-load.conf");

        await RebootAsync(await BootIdAsync());

        Assert.Equal(expected, (await Lab.ReadFileAsync(Node, "/run/trunkline/sctp/module", TestContext.Current.CancellationToken)).Trim());
        Assert.Equal(expected == "loaded", Lab.SctpServicePid(Node) is not null);
    }

    [Fact]
    public async Task The_service_of_a_loaded_module_is_started_again_when_it_dies()
    {
        await SucceedsAsync(": > /etc/modprobe.d/sctp-blacklist.conf; echo sctp > /etc/modules-load.d/sctp-load.conf");
        await RebootAsync(await BootIdAsync());
        var first = Lab.SctpServicePid(Node);

        System.Diagnostics.Process.GetProcessById(first!.Value).Kill();

        await EventuallyAsync("a new SCTP service", () => Lab.SctpServicePid(Node) is { } pid && pid != first);
    }

    [Fact]
    public async Task A_node_does_not_see_the_lab_the_homes_or_the_other_nodes()
    {
        await SucceedsAsync("test ! -e /var/lib/trunkline/labs && test ! -e /run/trunkline/labs && test ! -e /etc/shadow && test -z \"$(ls -A /home /root | grep -v :)\"");
        await SucceedsAsync($"! touch /usr/written 2>/dev/null && test \"$(hostname)\" = {Node}");
        Assert.DoesNotContain("default", (await Lab.RunAsync(Node, ["ip", "route"], TestContext.Current.CancellationToken)).Output, StringComparison.Ordinal);
    }

    private async Task RebootAsync(string boot)
    {
        var ctl = Path.Combine(Repository.Root, ".build", "bin", "trunkline-node");
        Assert.Equal("ok\n", (await Lab.RunAsync(Node, [ctl, "ctl", "reboot"], TestContext.Current.CancellationToken)).Output);
        await EventuallyAsync("a new boot", () => Lab.InitPid(Node) is not null && TryBootId() is { Length: > 0 } now && now != boot);
        await EventuallyAsync("the module's state", () => File.Exists(Lab.PathInNode(Node, "/run/trunkline/sctp/module")));
        await EventuallyAsync("a node agent", () => Lab.AgentPid(Node) is not null);
    }

    private string? TryBootId()
    {
        try
        {
            return File.ReadAllText(Lab.PathInNode(Node, "/run/trunkline/boot_id")).Trim();
        }
        catch (Exception error) when (error is IOException or LabException)
        {
            return null;
        }
    }

    private async Task<string> BootIdAsync() => (await Lab.ReadFileAsync(Node, "/run/trunkline/boot_id", TestContext.Current.CancellationToken)).Trim();

    private async Task SucceedsAsync(string script)
    {
        var result = await Lab.RunAsync(Node, ["sh", "-c", script], TestContext.Current.CancellationToken);
        Assert.True(result.ExitCode == 0, $"{script}: {result.Output}{result.Error}");
    }

    private static Task EventuallyAsync(string what, Func<bool> holds) => Wait.UntilAsync(what, s_patience, () => Task.FromResult(holds()));
}
