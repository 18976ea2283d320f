using Trunkline.Sctp.IntegrationTests.Support;
using Xunit;

namespace Trunkline.Sctp.IntegrationTests.Packets;

/// <summary>usrsctp, FreeBSD's SCTP in user space, as the peer: Debian's example programs on a host of their own.</summary>
public sealed class UsrsctpTests
{
    private const string Programs = "/usr/lib/usrsctp";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Its_echo_server_answers_our_client(bool ipv6)
    {
        await using var hosts = await CreateAsync();
        await using var capture = await Capture.StartAsync(hosts.A);
        await using var server = await ServeAsync(hosts.B, "echo_server");
        var client = hosts.A.Nc($"-v {hosts.B.Address(ipv6)} 7 --sctp");
        foreach (var line in new[] { $"{Guid.NewGuid()}\n", $"{Guid.NewGuid()}\n" })
        {
            await client.WriteAsync(line);
            await client.PrintsAsync(line);
        }

        client.EndInput();
        Assert.Equal(0, (await client.EndAsync()).ExitCode);
        Verdict.IsWhole(await capture.StopAsync(), hosts.A.Address(ipv6));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Its_client_talks_to_our_listener(bool ipv6)
    {
        await using var hosts = await CreateAsync();
        await using var capture = await Capture.StartAsync(hosts.A);
        var listener = await hosts.A.ListenAsync("-l 30102 --sctp");
        var client = hosts.B.Start($"{Programs}/client", hosts.A.Address(ipv6), "30102");
        await listener.SaysAsync("Connection from");
        await client.WriteAsync("from usrsctp\n");
        await listener.PrintsAsync("from usrsctp\n");
        await listener.WriteAsync("from Trunkline\n");
        await client.PrintsAsync("from Trunkline\n");
        client.EndInput();
        Assert.Equal(0, (await listener.EndAsync()).ExitCode);
        Verdict.IsWhole(await capture.StopAsync(), hosts.B.Address(ipv6));
    }

    [Fact]
    public async Task Its_discard_server_takes_a_megabyte()
    {
        await using var hosts = await CreateAsync();
        await using var server = await ServeAsync(hosts.B, "discard_server");
        var sent = await hosts.A.NcAsync($"-v {hosts.B.IPv4} 9 --sctp", new byte[1_000_000]);
        Assert.Equal(0, sent.ExitCode);
        Assert.Contains("1000000 bytes sent", sent.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(1400)]
    [InlineData(30000)]
    public async Task Its_tsctp_sends_messages_of_any_size_to_us(int size)
    {
        await using var hosts = await CreateAsync();
        var listener = await hosts.A.ListenAsync("-l 5001 --sctp");
        var client = hosts.B.Start($"{Programs}/tsctp", "-n", "100", "-l", $"{size}", "-L", hosts.B.IPv4, hosts.A.IPv4);
        Assert.Equal(100 * size, (await listener.EndAsync()).Output.Length);
        await client.EndAsync();
    }

    [Fact]
    public async Task Its_closed_port_is_silent_as_it_was_told_to_be_and_ours_refuses_it()
    {
        // The examples set net.inet.sctp.blackhole=2: no ABORT for what they do not know.
        await using var hosts = await CreateAsync();
        await using var server = await ServeAsync(hosts.B, "echo_server");
        Assert.Equal("Ncat: TIMEOUT.\n", (await hosts.A.NcAsync($"-w 1 {hosts.B.IPv4} 30109 --sctp")).Error);
        await hosts.B.Start($"{Programs}/client", hosts.A.IPv4, "30109").SaysAsync("usrsctp_connect: Connection refused");
    }

    private static async Task<TwoHosts> CreateAsync()
    {
        Assert.True(Directory.Exists(Programs), "libusrsctp-examples is not installed");
        return await TwoHosts.CreateAsync(serviceB: false);
    }

    private static async Task<Running> ServeAsync(Host host, string program)
    {
        var server = host.Start($"{Programs}/{program}");

        // It says nothing when it is ready; its raw sockets do.
        await Eventually.TrueAsync(
            () => File.ReadLines($"/proc/{server.Id}/net/raw").Any(line => line.Contains(":0084", StringComparison.Ordinal)), () => $"a raw socket; {server}");
        await Eventually.PauseAsync(100);
        return server;
    }
}
