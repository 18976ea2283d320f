using Xunit;

namespace Trunkline.Sctp.IntegrationTests.Support;

/// <summary>A Linux kernel with SCTP: user-mode-linux with the machine's root read-only, on a tap in a host's namespace. Guest 10.78.0.1, host 10.78.0.2.</summary>
internal sealed class LinuxGuest : IAsyncDisposable
{
    private const string Kernel = "/usr/bin/linux.uml";
    private const string BusyBox = "/usr/bin/busybox";
    private readonly Running _kernel;
    private readonly string _directory;

    private LinuxGuest(Running kernel, string directory) => (_kernel, _directory) = (kernel, directory);

    public string Console => _kernel.Text;

    /// <summary>Boots it with a script of sh; <c>$NC</c> is our nc, /tmp is the guest's own, <c>&lt;&amp;9</c> an input that stays open.</summary>
    public static async Task<LinuxGuest> BootAsync(Host host, string script)
    {
        Assert.SkipUnless(File.Exists(Kernel) && (File.Exists(BusyBox) || File.Exists("/bin/busybox")), "user-mode-linux and busybox are not installed (apt-get install user-mode-linux busybox-static)");
        await host.DoAsync("ip tuntap add ut0 mode tap; ip addr add 10.78.0.2/24 dev ut0; ip link set ut0 up");
        var directory = Directory.CreateTempSubdirectory("sctpit").FullName;
        var init = Path.Combine(directory, "init");
        await File.WriteAllTextAsync(init, $$"""
            #!/bin/sh
            export PATH=/usr/sbin:/usr/bin:/sbin:/bin NC=/run/nc
            mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t tmpfs tmp /run
            cp {{Build.Nc}} /run/nc # the checkout may stand in /tmp, which is about to be hidden
            for m in crypto/hmac lib/crc-ccitt net/ipv6/ipv6 net/ipv4/udp_tunnel net/ipv6/ip6_udp_tunnel net/sctp/sctp; do busybox insmod /usr/lib/uml/modules/*/kernel/$m.ko; done
            mount -t tmpfs tmp /tmp
            mkfifo /tmp/open; exec 9<>/tmp/open
            ip link set lo up; ip addr add 10.78.0.1/24 dev vec0; ip link set vec0 up
            listening() { until grep -q " $1 " /proc/net/sctp/eps; do sleep 0.05; done; }
            {{script}}
            echo FINISHED
            busybox poweroff -f

            """, TestContext.Current.CancellationToken);
        File.SetUnixFileMode(init, (UnixFileMode)0b111_101_101);
        var kernel = host.Start(
            // A process namespace of its own: the kernel's helper processes end with it, however it ends.
            "unshare", "--pid", "--fork", "--kill-child", "/usr/bin/env", $"TMPDIR={directory}", Kernel, "mem=160M", "root=/dev/root", "rootfstype=hostfs", "rootflags=/", "ro", $"init={init}", "quiet",
            $"uml_dir={directory}", "con=null", "con0=null,fd:1", "vec0:transport=tap,ifname=ut0,depth=128,gro=1,mac=52:54:00:11:00:01");
        return new LinuxGuest(kernel, directory);
    }

    // A kernel that boots and then runs a whole script takes 9 s on an idle machine.
    public Task PrintsAsync(string text) => _kernel.PrintsAsync(text, seconds: 60);

    public async ValueTask DisposeAsync()
    {
        await _kernel.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
