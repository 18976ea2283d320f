using System.Diagnostics;
using Trunkline.Sctp.Endpoint;

namespace Trunkline.Sctp.Tests.Simulation;

/// <summary>
/// Two endpoints over a network that loses, doubles, reorders, delays and corrupts, thousands of seeds a run: every message arrives once
/// and in order, or the association ends with an error that says why. TRUNKLINE_SEED repeats one seed, TRUNKLINE_SEEDS sets how many.
/// </summary>
public sealed class LossyNetworkTests(ITestOutputHelper output)
{
    private const long Hours = 3_600_000_000;
    private static readonly TimeSpan _budget = TimeSpan.FromSeconds(50);

    [Fact]
    public void Every_message_arrives_once_and_in_order_or_the_association_says_why_it_failed()
    {
        var only = Environment.GetEnvironmentVariable("TRUNKLINE_SEED");
        var first = only is null ? Environment.TickCount : int.Parse(only);
        var count = only is null ? int.Parse(Environment.GetEnvironmentVariable("TRUNKLINE_SEEDS") ?? "4000") : 1;
        var clock = Stopwatch.StartNew();
        int completed = 0, done = 0;
        long packets = 0, messages = 0;
        for (; done < count && clock.Elapsed < _budget; done++)
        {
            var seed = unchecked(first + done);
            try
            {
                var (ok, delivered, read) = RunOnce(seed);
                completed += ok ? 1 : 0;
                packets += delivered;
                messages += read;
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"TRUNKLINE_SEED={seed} repeats this: {exception.Message}", exception);
            }
        }

        output.WriteLine($"seeds {first} to {unchecked(first + done - 1)}: {done} runs, {completed} complete, {packets} packets, {messages} messages, {clock.Elapsed.TotalSeconds:F1} s");
        Assert.True(only is not null || done >= Math.Min(count, 500), $"only {done} seeds within {_budget}");
        Assert.True(only is not null || completed >= done * 95 / 100, $"only {completed} of {done} runs were complete");
    }

    private static (bool Completed, long Packets, long Messages) RunOnce(int seed)
    {
        var random = new Random(seed);
        var network = new VirtualNetwork(seed, Conditions(random));
        var ipv6 = seed % 4 == 0;
        var clientAddress = SctpAddress.Parse(ipv6 ? "fd00::1" : "10.0.0.1");
        var serverAddress = SctpAddress.Parse(ipv6 ? "fd00::2" : "10.0.0.2");
        var client = network.AddHost(clientAddress, highNumbers: seed % 3 == 0);
        var server = network.AddHost(serverAddress, highNumbers: seed % 3 == 0);
        var streams = (ushort)random.Next(1, 20);
        Assert.Equal(ListenStatus.Listening, server.Listen(default, 5000, new ListenOptions { Association = Options(random, streams) }, out _, out _));
        var options = Options(random, streams);
        Assert.Equal(ConnectStatus.Started, client.Connect(clientAddress, 0, serverAddress, 5000, options, network.Now, out var association));
        var largest = random.Next(5) == 0 ? 60_000 : 4000;
        var a = new Talker("client", client, random, random.Next(60), largest, streams, random.Next(4) == 0) { Association = association };
        var b = new Talker("server", server, random, random.Next(60), largest, streams, random.Next(4) == 0);
        network.Collect(client);
        Play(network, client, server, a, b, random);
        Judge(a, b);
        Judge(b, a);
        return (a.Completed && b.Completed, network.Delivered, a.Read + b.Read);
    }

    private static void Play(VirtualNetwork network, SctpEndpoint client, SctpEndpoint server, Talker a, Talker b, Random random)
    {
        var end = network.Now + (3 * Hours);
        var early = random.Next(4) == 0;
        var shutDown = false;
        for (var steps = 0; !(a.Ended && (b.Ended || b.Association.IsNone)); steps++)
        {
            Assert.True(steps < 1_000_000, "the two never come to rest");
            if (!network.Step(Math.Min(network.Now + 50_000, end)))
            {
                Assert.True(network.Now < end, $"stuck: client {Look(client, a)}, server {Look(server, b)}");
            }

            a.Act(network.Now);
            b.Act(network.Now);
            if (!shutDown && a.IsEstablished && a.SentAll && (early || b.SentAll))
            {
                shutDown = client.Shutdown(a.Association, network.Now);
            }

            network.Collect(client);
            network.Collect(server);
        }

        a.Act(network.Now);
        b.Act(network.Now);
    }

    private static string Look(SctpEndpoint endpoint, Talker talker) =>
        endpoint.TryGetInfo(talker.Association, out var info) ? info.ToString() : "none";

    /// <summary>Who ended in order had everything acknowledged: so the other has read it all.</summary>
    private static void Judge(Talker sender, Talker receiver)
    {
        Assert.True(receiver.Read <= sender.Sent, "more was read than sent");
        if (sender.Completed)
        {
            Assert.Equal(sender.Sent, receiver.Read);
        }
        else
        {
            Assert.True(sender.Association.IsNone || !string.IsNullOrEmpty(sender.Failure?.Detail), "no reason given");
        }
    }

    private static AssociationOptions Options(Random random, ushort streams) => new()
    {
        OutboundStreams = streams,
        PathMtu = random.Next(3) == 0 ? 576 : 1500,
        SendBuffer = random.Next(3) == 0 ? 20_000 : 256 * 1024,
        ReceiveBuffer = random.Next(3) == 0 ? 12_000 : 256 * 1024,
        HeartbeatInterval = random.Next(2) == 0 ? 30_000_000 : 1_000_000,
    };

    private static NetworkConditions Conditions(Random random) => new()
    {
        Loss = random.Next(4) == 0 ? 0 : random.NextDouble() * 0.15,
        Duplication = random.NextDouble() * 0.1,
        Corruption = random.NextDouble() * 0.03,
        Reordering = random.NextDouble() * 0.3,
        Delay = random.NextInt64(100, 60_000),
        Jitter = random.NextInt64(0, 20_000),
        Detour = random.NextInt64(1, 200_000),
    };
}
