using Trunkline.Sctp.IntegrationTests.Support;
using Xunit;

namespace Trunkline.Sctp.IntegrationTests.Conversations;

/// <summary>SCTP has no half-close, and what nc makes of that.</summary>
public sealed class EndOfInputTests
{
    [Fact]
    public async Task A_clients_end_of_input_starts_shutdown_after_its_data_is_acknowledged()
    {
        await using var hosts = await TwoHosts.CreateAsync();
        await using var capture = await Capture.StartAsync(hosts.B);
        var listener = await hosts.B.ListenAsync("-l 30102 --sctp");
        var said = await hosts.A.NcAsync($"-v {hosts.B.IPv4} 30102 --sctp", new string('x', 100_000));
        Assert.Equal(0, said.ExitCode);
        Assert.Contains("SCTP has no half-close: end of input starts SHUTDOWN", said.Error, StringComparison.Ordinal);
        Assert.Equal(100_000, (await listener.EndAsync()).Output.Length);
        var packets = await capture.StopAsync();
        Verdict.IsWhole(packets, hosts.A.IPv4);
        var shutdown = packets.First(packet => packet.Has(Verdict.Shutdown));
        Assert.Equal(hosts.A.IPv4, shutdown.Source);
        var before = packets.TakeWhile(packet => packet != shutdown).ToList();
        var first = before.First(packet => packet.Has(Verdict.Data)).Tsn;
        Assert.Equal(
            before.Where(packet => packet.Has(Verdict.Data)).Max(packet => packet.Tsn - first),
            before.Where(packet => packet.Has(Verdict.Sack)).Max(packet => packet.Acknowledged - first));
    }

    [Fact]
    public async Task A_client_prints_what_arrives_until_the_shutdown_is_complete()
    {
        await using var hosts = await TwoHosts.CreateAsync();
        var listener = await hosts.B.ListenAsync("-l 30102 --sctp");
        var client = hosts.A.Nc($"{hosts.B.IPv4} 30102 --sctp");
        var input = new byte[400_000];
        new Random(3).NextBytes(input);
        var writing = listener.WriteAsync(input);
        await Eventually.TrueAsync(() => client.Output.Length > 0, () => "the first bytes");
        client.EndInput();
        var said = await client.EndAsync();
        Assert.Equal(0, said.ExitCode);
        Assert.Equal(input[..said.Output.Length], said.Output);
        Assert.Equal(0, (await listener.EndAsync()).ExitCode);
        await Task.WhenAny(writing, Eventually.PauseAsync(2000));
    }

    [Fact]
    public async Task A_listeners_end_of_input_ends_nothing_and_says_so()
    {
        await using var hosts = await TwoHosts.CreateAsync();
        await using var capture = await Capture.StartAsync(hosts.B);
        var listener = await hosts.B.ListenAsync("-l 30102 --sctp");
        listener.EndInput();
        var client = hosts.A.Nc($"{hosts.B.IPv4} 30102 --sctp");
        await listener.SaysAsync("end of input does not start SHUTDOWN");
        await Eventually.PauseAsync(200);
        await client.WriteAsync("later\n");
        await listener.PrintsAsync("later\n");
        client.EndInput();
        Assert.Equal(0, (await client.EndAsync()).ExitCode);
        Assert.Equal(0, (await listener.EndAsync()).ExitCode);
        Assert.Equal(hosts.A.IPv4, (await capture.StopAsync()).First(packet => packet.Has(Verdict.Shutdown)).Source);
    }

    [Theory]
    [InlineData("-l 30102 --sctp --send-only")]
    [InlineData("-k -l 30102 --sctp --send-only")]
    public async Task A_listener_that_only_sends_ends_with_its_input(string arguments)
    {
        await using var hosts = await TwoHosts.CreateAsync();
        await using var capture = await Capture.StartAsync(hosts.B);
        var listener = await hosts.B.ListenAsync(arguments);
        await listener.WriteAsync("all there is\n");
        listener.EndInput();
        var client = hosts.A.Nc($"{hosts.B.IPv4} 30102 --sctp");
        Assert.Equal((0, "all there is\n"), ((await client.EndAsync()).ExitCode, client.Text));
        Assert.Equal(0, (await listener.EndAsync()).ExitCode);
        var packets = await capture.StopAsync();
        Verdict.IsSound(packets, hosts.A.IPv4);
        Assert.Equal(hosts.B.IPv4, packets.First(packet => packet.Has(Verdict.Shutdown)).Source);
        Assert.Contains(packets, packet => packet.Has(Verdict.ShutdownComplete));
    }

    [Fact]
    public async Task A_killed_client_ends_its_association_in_order()
    {
        await using var hosts = await TwoHosts.CreateAsync();
        var listener = await hosts.B.ListenAsync("-l 30102 --sctp");
        var client = hosts.A.Nc($"{hosts.B.IPv4} 30102 --sctp");
        await client.WriteAsync("last words\n");
        await listener.PrintsAsync("last words\n");
        await client.SignalAsync("KILL");
        Assert.Equal((0, "last words\n"), ((await listener.EndAsync()).ExitCode, listener.Text));
    }
}
