using Trunkline.Lab.IntegrationTests.Support;
using Xunit;

namespace Trunkline.Lab.IntegrationTests.Isolation;

/// <summary>A root Pod sees nothing of the machine: no file, no key, no other node's socket, no address.</summary>
public sealed class RootPodTests(RunningLab lab) : IClassFixture<RunningLab>
{
    [Fact]
    public async Task A_root_pod_reaches_nothing_of_the_machine()
    {
        await lab.SleeperAsync("default", "prisoner", "worker-0");
        var secret = Path.Combine(Path.GetTempPath(), $"secret-{Guid.NewGuid():N}");
        await File.WriteAllTextAsync(secret, "the machine's own", TestContext.Current.CancellationToken);
        try
        {
            Assert.Equal("0\n", (await Inside("id -u")).Succeeded);
            Assert.NotEqual(0, (await Inside($"cat {secret}")).ExitCode);
        }
        finally
        {
            File.Delete(secret);
        }

        Assert.NotEqual(0, (await Inside("ls /var/lib/trunkline/labs /run/trunkline/labs /etc/trunkline /etc/kubernetes /work")).ExitCode);
        Assert.Equal("", (await Inside("find / -xdev -name '*.key' -o -xdev -name 'admin.kubeconfig' -o -xdev -name 'init.sock' 2>/dev/null")).Succeeded);
        Assert.Equal("sctp.sock\n", string.Concat((await Inside("ls /run/trunkline-sctp; echo sctp.sock")).Output.Split('\n').Distinct().Where(l => l.Length > 0).Select(l => l + "\n")));
        Assert.NotEqual(0, (await Inside("mount -t tmpfs none /mnt")).ExitCode);
        Assert.NotEqual(0, (await Inside("mknod /tmp/disk b 254 0 && head -c 1 /tmp/disk")).ExitCode);
        Assert.NotEqual(0, (await Inside("echo 1 > /proc/sys/kernel/sysrq")).ExitCode);
    }

    [Fact]
    public async Task No_address_of_the_machine_answers_a_root_pod()
    {
        await lab.SleeperAsync("default", "caller", "worker-1");
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Any, 0);
        listener.Start();
        var port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        var addresses = System.Net.NetworkInformation.NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(i => i.GetIPProperties().UnicastAddresses)
            .Where(a => a.Address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork)
            .Select(a => a.Address.ToString());
        foreach (var address in addresses)
        {
            var attempt = await Inside($"nc -z -w 1 {address} {port}", "caller");
            Assert.True(attempt.ExitCode != 0, $"{address}:{port} of the machine answered a Pod");
        }

        Assert.False(listener.Pending());
    }

    private Task<Command> Inside(string script, string pod = "prisoner") => lab.Kubectl(["exec", pod, "--", "sh", "-c", script]);
}
