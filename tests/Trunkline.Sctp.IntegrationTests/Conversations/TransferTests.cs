using System.Security.Cryptography;
using Trunkline.Sctp.IntegrationTests.Support;
using Xunit;

namespace Trunkline.Sctp.IntegrationTests.Conversations;

/// <summary>Ten megabytes arrive byte for byte, on a good wire and on bad ones.</summary>
public sealed class TransferTests
{
    private const int Size = 10_000_000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task On_a_good_wire(bool ipv6)
    {
        await using var hosts = await TwoHosts.CreateAsync();
        await TransferAsync(hosts, ipv6, Size);
    }

    [Theory]
    [InlineData(10, 0, 0, 0)]
    [InlineData(0, 50, 100, 0)]
    [InlineData(5, 20, 50, 5)]
    public async Task On_a_wire_that_loses_doubles_reorders_and_corrupts(int lost, int doubled, int late, int corrupted)
    {
        var seed = Environment.TickCount;
        TestContext.Current.SendDiagnosticMessage("{0}", $"seed {seed}");
        await using var hosts = await TwoHosts.CreateAsync(faults: new WireFaults(seed, lost, doubled, late, corrupted));
        await TransferAsync(hosts, ipv6: false, Size);
        var wire = hosts.Wire!;
        Assert.Equal((lost > 0, doubled > 0, late > 0, corrupted > 0), (wire.Lost > 0, wire.Doubled > 0, wire.Delayed > 0, wire.Corrupted > 0));
        using var client = HandMadeClient.Open(hosts.B);
        Assert.Equal(corrupted > 0, client.Counter(Trunkline.Sctp.Service.ServiceOption.BadChecksum) > 0);
    }

    [Fact]
    public async Task A_reader_that_stops_holds_the_sender_back_and_loses_nothing()
    {
        await using var hosts = await TwoHosts.CreateAsync();
        var listener = await hosts.B.ListenAsync("-l 30102 --sctp");
        await listener.SignalAsync("STOP");
        var sent = RandomNumberGenerator.GetBytes(3_000_000);
        var sending = hosts.A.NcAsync($"{hosts.B.IPv4} 30102 --sctp", sent);
        await Eventually.PauseAsync(700);
        Assert.False(sending.IsCompleted);
        await listener.SignalAsync("CONT");
        Assert.Equal(0, (await sending).ExitCode);
        Assert.Equal(SHA256.HashData(sent), SHA256.HashData((await listener.EndAsync()).Output));
    }

    private static async Task TransferAsync(TwoHosts hosts, bool ipv6, int size)
    {
        var sent = RandomNumberGenerator.GetBytes(size);
        var listener = await hosts.B.ListenAsync("-l 30102 --sctp");
        Assert.Equal(0, (await hosts.A.NcAsync($"{hosts.B.Address(ipv6)} 30102 --sctp", sent)).ExitCode);
        var received = await listener.EndAsync();
        Assert.Equal(0, received.ExitCode);
        Assert.Equal(SHA256.HashData(sent), SHA256.HashData(received.Output));
    }
}
