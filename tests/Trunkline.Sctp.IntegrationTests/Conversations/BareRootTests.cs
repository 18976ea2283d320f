using Trunkline.Sctp.IntegrationTests.Support;
using Xunit;

namespace Trunkline.Sctp.IntegrationTests.Conversations;

/// <summary>A container's root that holds nc and the socket directory, and not one library, locale or /proc beside them.</summary>
public sealed class BareRootTests
{
    [Fact]
    public async Task Nc_runs_where_there_is_nothing_else()
    {
        await using var hosts = await TwoHosts.CreateAsync();
        var bin = Path.Combine(hosts.RootOfB, "usr", "bin");
        Directory.CreateDirectory(bin);
        File.Copy(Build.Nc, Path.Combine(bin, "nc"));
        File.SetUnixFileMode(Path.Combine(bin, "nc"), (UnixFileMode)0b111_101_101);
        var nonce = $"nonce-{Guid.NewGuid()}\n";
        var listener = hosts.B.Start("chroot", hosts.RootOfB, "/usr/bin/nc", "-v", "-l", "30102", "--sctp");
        await listener.SaysAsync("Listening on");
        Assert.Equal(0, (await hosts.A.NcAsync($"{hosts.B.IPv4} 30102 --sctp", nonce)).ExitCode);
        Assert.Equal((0, nonce), ((await listener.EndAsync()).ExitCode, listener.Text));

        var back = await hosts.A.ListenAsync("-l 30103 --sctp");
        var client = hosts.B.Start("chroot", hosts.RootOfB, "/usr/bin/nc", hosts.A.IPv4, "30103", "--sctp");
        await client.WriteAsync(nonce);
        client.EndInput();
        Assert.Equal(0, (await client.EndAsync()).ExitCode);
        Assert.Equal(nonce, (await back.EndAsync()).Text);
    }
}
