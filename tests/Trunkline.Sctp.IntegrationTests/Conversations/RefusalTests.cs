using Trunkline.Sctp.IntegrationTests.Support;
using Xunit;

namespace Trunkline.Sctp.IntegrationTests.Conversations;

/// <summary>How a connect fails, in nc's words, by who said no.</summary>
public sealed class RefusalTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_closed_port_answers_abort(bool ipv6)
    {
        await using var hosts = await TwoHosts.CreateAsync();
        await using var capture = await Capture.StartAsync(hosts.B);
        var client = await hosts.A.NcAsync($"-v {hosts.B.Address(ipv6)} 30102 --sctp");
        Assert.Equal(1, client.ExitCode);
        Assert.EndsWith("Ncat: Connection refused.\n", client.Error, StringComparison.Ordinal);
        Assert.Contains("refused with ABORT", client.Error, StringComparison.Ordinal);
        var packets = await capture.StopAsync();
        Verdict.Goes(packets, Verdict.Init, Verdict.Abort);
        Assert.All(packets.Where(packet => packet.Chunks.Count > 0), packet => Assert.Equal("1", packet.Checksum));
        Assert.Equal(packets[0].InitiateTag, packets.First(packet => packet.Has(Verdict.Abort)).Tag);
    }

    [Theory]
    [InlineData(false, "", "Ncat: Protocol not available.\n")]
    [InlineData(true, "", "Ncat: Protocol not available.\n")]
    [InlineData(false, "reject with icmp type port-unreachable", "Ncat: Connection refused.\n")]
    [InlineData(true, "reject with icmpv6 type port-unreachable", "Ncat: Connection refused.\n")]
    [InlineData(false, "reject with icmp type admin-prohibited", "Ncat: No route to host.\n")]
    [InlineData(true, "reject with icmpv6 type admin-prohibited", "Ncat: Permission denied.\n")]
    [InlineData(false, "reject with icmp type host-unreachable", "Ncat: No route to host.\n")]
    [InlineData(false, "reject with icmp type net-prohibited", "Ncat: Network is unreachable.\n")]
    [InlineData(true, "reject with icmpv6 type no-route", "Ncat: Network is unreachable.\n")]
    [InlineData(false, "drop", "Ncat: TIMEOUT.\n")]
    public async Task A_host_without_sctp_a_filter_and_silence_are_told_apart(bool ipv6, string rule, string words)
    {
        await using var hosts = await TwoHosts.CreateAsync(serviceB: false);
        if (rule.Length > 0)
        {
            await hosts.B.DoAsync($"nft add table inet t; nft \"add chain inet t in {{ type filter hook input priority 0; }}\"; nft add rule inet t in meta l4proto sctp {rule}");
        }

        var client = await hosts.A.NcAsync($"-w 1 {hosts.B.Address(ipv6)} 30102 --sctp");
        Assert.Equal((1, words), (client.ExitCode, client.Error));
        var probe = await hosts.A.NcAsync($"-z -w 1 {hosts.B.Address(ipv6)} 30102 --sctp");
        Assert.Equal((1, ""), (probe.ExitCode, probe.Error));
    }

    [Fact]
    public async Task An_address_without_a_neighbour_or_a_route_is_said_to_be_so()
    {
        await using var hosts = await TwoHosts.CreateAsync(serviceB: false);
        var nowhere = await hosts.A.NcAsync("10.99.0.1 30102 --sctp");
        Assert.Equal((1, "Ncat: Network is unreachable.\n"), (nowhere.ExitCode, nowhere.Error));
        var nobody = await hosts.A.NcAsync("-v -w 8 10.77.0.99 30102 --sctp");
        Assert.Equal(1, nobody.ExitCode);
        Assert.EndsWith("Ncat: No route to host.\n", nobody.Error, StringComparison.Ordinal);
        Assert.Contains("host unreachable", nobody.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_icmp_that_quotes_another_tag_ends_nothing()
    {
        await using var hosts = await TwoHosts.CreateAsync();
        await using var forger = RawHost.Open(hosts.B);
        await hosts.B.DoAsync("nft add table ip t; nft \"add chain ip t in { type filter hook input priority 0; }\"; nft add rule ip t in ip protocol 132 drop");
        var client = hosts.A.Nc($"-w 2 -p 4242 {hosts.B.IPv4} 30102 --sctp");
        await Eventually.PauseAsync(300);
        forger.SendIcmp(hosts.A.IPv4, type: 3, code: 2, quotedSourcePort: 4242, quotedDestinationPort: 30102, quotedInitiateTag: 0x12345678);
        Assert.Equal((1, "Ncat: TIMEOUT.\n"), ((await client.EndAsync()).ExitCode, client.Error));
        using var service = HandMadeClient.Open(hosts.A);
        Assert.Equal(1u, service.Counter(Trunkline.Sctp.Service.ServiceOption.IcmpIgnored));
    }

    [Fact]
    public async Task Without_a_service_there_is_no_sctp_here()
    {
        await using var hosts = await TwoHosts.CreateAsync(serviceA: false, serviceB: false);
        var client = await hosts.A.NcAsync($"{hosts.B.IPv4} 30102 --sctp");
        Assert.Equal((1, "libnsock nsock_make_socket(): Socket trouble: Protocol not supported\nNcat: Protocol not supported.\n"), (client.ExitCode, client.Error));
        var listener = await hosts.A.NcAsync("-l 30102 --sctp");
        Assert.Equal((2, "Ncat: socket: Protocol not supported.\nNcat: Unable to open any listening sockets. QUITTING.\n"), (listener.ExitCode, listener.Error));
    }

    [Fact]
    public async Task A_probe_tells_open_from_closed()
    {
        await using var hosts = await TwoHosts.CreateAsync();
        await using var listener = await hosts.B.ListenAsync("-k -l 30102 --sctp");
        var open = await hosts.A.NcAsync($"-v -z {hosts.B.IPv4} 30102 --sctp");
        Assert.Equal(0, open.ExitCode);
        Assert.Contains("Connected to", open.Error, StringComparison.Ordinal);
        Assert.Equal(1, (await hosts.A.NcAsync($"-v -z {hosts.B.IPv4} 30103 --sctp")).ExitCode);
    }
}
