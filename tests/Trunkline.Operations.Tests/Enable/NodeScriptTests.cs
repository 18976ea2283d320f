using System.Diagnostics;
using Trunkline.Operations.Enable;
using Xunit;

namespace Trunkline.Operations.Tests.Enable;

/// <summary>The DaemonSet's scripts, run by a real shell on a root of their own, with a modprobe that only notes what it was asked.</summary>
public sealed class NodeScriptTests : IDisposable
{
    private const string Blacklist = "# from the distribution\nblacklist sctp\n  install sctp /bin/true\nblacklist sctp_diag\noptions sctp no_checksums=1\n";
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("trunkline-node-");

    public NodeScriptTests()
    {
        Write("etc/modprobe.d/sctp-blacklist.conf", Blacklist);
        Write("etc/modprobe.d/other.conf", "blacklist pcspkr\n");
        Write("etc/os-release", "ID=ubuntu\nID_LIKE=debian\n");
        Write("protocols", "protocol  size\nTCP 1\n");
        Modprobe("echo \"$@\" >> ROOT/asked; echo 'SCTP 1' >> ROOT/protocols");
    }

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public void It_lifts_the_blacklist_persists_and_loads_and_takes_all_of_it_back()
    {
        Assert.Equal(0, Run(NodeScript.On).Exit);
        Assert.Equal("# from the distribution\n#trunkline# blacklist sctp\n#trunkline#   install sctp /bin/true\nblacklist sctp_diag\noptions sctp no_checksums=1\n", Read("etc/modprobe.d/sctp-blacklist.conf"));
        Assert.Equal("sctp\n", Read("etc/modules-load.d/sctp-load.conf"));
        Assert.Equal("sctp\n", Read("asked"));
        var before = Read("etc/modprobe.d/sctp-blacklist.conf");
        Assert.Equal(0, Run(NodeScript.On).Exit);
        Assert.Equal(before, Read("etc/modprobe.d/sctp-blacklist.conf"));
        Assert.Equal("sctp\n", Read("asked")); // it is loaded: modprobe is not asked again

        Modprobe("echo \"$@\" >> ROOT/asked; sed -i /SCTP/d ROOT/protocols");
        Assert.Equal(0, Run(NodeScript.Off).Exit);
        Assert.Equal(Blacklist, Read("etc/modprobe.d/sctp-blacklist.conf"));
        Assert.Equal("blacklist pcspkr\n", Read("etc/modprobe.d/other.conf"));
        Assert.False(File.Exists(At("etc/modules-load.d/sctp-load.conf")));
        Assert.EndsWith("-r sctp\n", Read("asked"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_kernel_without_the_module_names_the_package()
    {
        Modprobe("echo 'modprobe: FATAL: Module sctp not found' >&2; exit 1");
        var (exit, output) = Run(NodeScript.On);
        Assert.Equal(1, exit);
        Assert.Contains("apt-get install linux-modules-extra-", output, StringComparison.Ordinal);
        Write("etc/os-release", "ID=rocky\nID_LIKE=\"rhel centos fedora\"\n");
        Assert.Contains("dnf install kernel-modules-extra-", Run(NodeScript.On).Output, StringComparison.Ordinal);
        File.Delete(At("etc/os-release"));
        Assert.Contains("lacks sctp", Run(NodeScript.On).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_module_in_use_is_said_to_stay()
    {
        Write("protocols", "protocol  size\nSCTP 1\n");
        Modprobe("exit 1");
        var (exit, output) = Run(NodeScript.Off);
        Assert.Equal(1, exit);
        Assert.Contains("in use", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_without_modprobe_d_is_no_trouble()
    {
        Directory.Delete(At("etc/modprobe.d"), recursive: true);
        Assert.Equal(0, Run(NodeScript.On).Exit);
        Assert.Equal(0, Run(NodeScript.Off.Replace("modprobe -r sctp &&", "true &&", StringComparison.Ordinal)).Exit);
    }

    private (int Exit, string Output) Run(string script)
    {
        var here = script.Replace("/etc/", $"{_root.FullName}/etc/", StringComparison.Ordinal).Replace("/proc/net/protocols", At("protocols"), StringComparison.Ordinal)
            .Replace("PATH=", $"PATH={_root.FullName}/bin:", StringComparison.Ordinal);
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", here]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = shell.StandardOutput.ReadToEnd();
        shell.WaitForExit();
        return (shell.ExitCode, output);
    }

    private void Modprobe(string body)
    {
        Write("bin/modprobe", $"#!/bin/sh\n{body.Replace("ROOT", _root.FullName, StringComparison.Ordinal)}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(At("bin/modprobe"), (UnixFileMode)0b111_101_101);
        }
    }

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllText(At(path), text);
    }

    private string Read(string path) => File.ReadAllText(At(path));

    private string At(string path) => Path.Join(_root.FullName, path);
}
