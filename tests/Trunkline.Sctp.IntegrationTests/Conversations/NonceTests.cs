using Trunkline.Sctp.IntegrationTests.Support;
using Xunit;

namespace Trunkline.Sctp.IntegrationTests.Conversations;

/// <summary>nc and nc over two service processes on two hosts, and what the wire saw of it.</summary>
public sealed class NonceTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_nonce_goes_each_way_and_the_capture_is_sound_from_init_to_shutdown_complete(bool ipv6)
    {
        await using var hosts = await TwoHosts.CreateAsync();
        await using var capture = await Capture.StartAsync(hosts.B);
        var (there, back) = ($"there-{Guid.NewGuid()}\n", $"back-{Guid.NewGuid()}\n");
        var listener = await hosts.B.ListenAsync("-l 30102 --sctp");
        var client = hosts.A.Nc($"-v {hosts.B.Address(ipv6)} 30102 --sctp");
        await client.WriteAsync(there);
        await listener.PrintsAsync(there);
        await listener.WriteAsync(back);
        await client.PrintsAsync(back);
        client.EndInput();
        var (said, heard) = (await client.EndAsync(), await listener.EndAsync());
        Assert.Equal((0, back), (said.ExitCode, said.Text));
        Assert.Equal((0, there), (heard.ExitCode, heard.Text));
        Assert.Contains($"Connected to {hosts.B.Address(ipv6)}:30102.", said.Error, StringComparison.Ordinal);
        Assert.Contains($"Connection from {hosts.A.Address(ipv6)}.", heard.Error, StringComparison.Ordinal);
        Verdict.IsWhole(await capture.StopAsync(), hosts.A.Address(ipv6));
    }

    [Fact]
    public async Task Ports_and_addresses_are_those_asked_for()
    {
        await using var hosts = await TwoHosts.CreateAsync();
        await using var listener = await hosts.B.ListenAsync($"-l {hosts.B.IPv4} 30102 --sctp -c env");
        var client = await hosts.A.NcAsync($"-v -s {hosts.A.IPv4} -p 4242 {hosts.B.IPv4} 30102 --sctp --recv-only");
        Assert.Contains("NCAT_REMOTE_PORT=4242\n", client.Text, StringComparison.Ordinal);
        Assert.Contains($"NCAT_REMOTE_ADDR={hosts.A.IPv4}\n", client.Text, StringComparison.Ordinal);
        Assert.Contains($"NCAT_LOCAL_ADDR={hosts.B.IPv4}\n", client.Text, StringComparison.Ordinal);
        Assert.Contains("NCAT_PROTO=SCTP\n", client.Text, StringComparison.Ordinal);
        Assert.Equal(1, (await hosts.A.NcAsync($"-s 10.9.9.9 {hosts.B.IPv4} 30102 --sctp")).ExitCode);
    }

    [Fact]
    public async Task A_listener_that_keeps_open_serves_several_at_once()
    {
        await using var hosts = await TwoHosts.CreateAsync();
        await using var listener = await hosts.B.ListenAsync("-k -l 30102 --sctp");
        var clients = Enumerable.Range(0, 5).Select(_ => hosts.A.Nc($"{hosts.B.IPv4} 30102 --sctp")).ToList();
        for (var i = 0; i < clients.Count; i++)
        {
            await clients[i].WriteAsync($"from {i}\n");
            await listener.PrintsAsync($"from {i}\n");
        }

        await listener.WriteAsync("to all\n");
        foreach (var client in clients)
        {
            await client.PrintsAsync("to all\n");
            client.EndInput();
            Assert.Equal(0, (await client.EndAsync()).ExitCode);
        }

        Assert.False(listener.HasExited);
    }

    [Fact]
    public async Task Tcp_listens_on_both_families_beside_an_sctp_listener_of_the_same_port()
    {
        await using var hosts = await TwoHosts.CreateAsync(serviceA: false);
        await using var sctp = await hosts.B.ListenAsync("-k -l 30102 --sctp");
        foreach (var disabled in new[] { 0, 1 })
        {
            // Addresses go away with it, and nc still listens on what is left.
            await hosts.B.DoAsync($"echo {disabled} > /proc/sys/net/ipv6/conf/all/disable_ipv6");
            var tcp = await hosts.B.ListenAsync("-l 30102");
            Assert.Contains("Listening on 0.0.0.0:30102", tcp.Error, StringComparison.Ordinal);
            Assert.Equal(0, (await hosts.A.NcAsync($"{hosts.B.IPv4} 30102", "four")).ExitCode);
            Assert.Equal((0, "four"), ((await tcp.EndAsync()).ExitCode, tcp.Text));
        }

        await hosts.B.DoAsync("echo 0 > /proc/sys/net/ipv6/conf/all/disable_ipv6; ip addr replace fd77::2/64 dev eth0 nodad");
        var both = await hosts.B.ListenAsync("-l 30102");
        Assert.Equal(0, (await hosts.A.NcAsync($"{hosts.B.IPv6} 30102", "six")).ExitCode);
        Assert.Equal((0, "six"), ((await both.EndAsync()).ExitCode, both.Text));
        Assert.Contains("Listening on :::30102\nNcat: Listening on 0.0.0.0:30102\n", both.Error, StringComparison.Ordinal);
        Assert.False(sctp.HasExited);
    }

    [Fact]
    public async Task A_port_has_one_listener()
    {
        await using var hosts = await TwoHosts.CreateAsync(serviceA: false);
        await using var first = await hosts.B.ListenAsync("-k -l 30102 --sctp");
        var second = await hosts.B.NcAsync("-l 30102 --sctp");
        Assert.Equal((2, "Ncat: bind to :::30102: Address already in use. QUITTING.\n"), (second.ExitCode, second.Error));
        var elsewhere = await hosts.B.NcAsync("-l 10.9.9.9 30102 --sctp");
        Assert.Equal((2, "Ncat: bind to 10.9.9.9:30102: Cannot assign requested address. QUITTING.\n"), (elsewhere.ExitCode, elsewhere.Error));
    }

    [Fact]
    public async Task Listeners_that_come_and_go_quickly_never_meet_a_violation()
    {
        await using var hosts = await TwoHosts.CreateAsync(serviceA: false);
        var rounds = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => hosts.B.NcAsync($"-z -v {hosts.B.IPv4} {31000 + i} --sctp")));
        Assert.All(rounds, round => Assert.Contains("Connection refused", round.Error, StringComparison.Ordinal));
        for (var i = 0; i < 20; i++)
        {
            await using var listener = await hosts.B.ListenAsync($"-l {32000 + i} --sctp");
        }

        Assert.DoesNotContain("broke the protocol", hosts.B.Log, StringComparison.Ordinal);
    }
}
