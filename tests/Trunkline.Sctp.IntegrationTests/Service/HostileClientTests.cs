using System.Net.Sockets;
using Trunkline.Sctp.IntegrationTests.Support;
using Trunkline.Sctp.Service;
using Xunit;

namespace Trunkline.Sctp.IntegrationTests.Service;

/// <summary>Programs in a Pod may say anything at the service's socket: others notice nothing, and no memory is lost.</summary>
public sealed class HostileClientTests
{
    private const long GrowthAllowed = 12_000; // kB: a collector's slack, far below what any of these floods would leave behind

    private static readonly byte[] _hello = HandMadeClient.Frame(FrameKind.Hello, [0x54, 0x52, 0x4b, 0x4c, 0, 1]);

    /// <summary>What breaks the protocol; the connection ends, and nothing else does.</summary>
    private static IEnumerable<byte[]> Violations()
    {
        yield return [0xff, 0xff, 0xff, 0xff, 1, 0, 0, 0];
        yield return [0x80, 0, 0, 0, 1, 0, 0, 0];
        yield return [.. _hello, 0, 0, 0x80, 0x09, (byte)FrameKind.Data, 0, 0, 0];
        yield return HandMadeClient.Frame(FrameKind.Hello, []);
        yield return HandMadeClient.Frame(FrameKind.Hello, [1, 2, 3, 4, 0, 1]);
        yield return HandMadeClient.Frame(FrameKind.Hello, [0x54, 0x52, 0x4b, 0x4c, 0xff, 0xff]);
        yield return HandMadeClient.Frame(FrameKind.Listen, [0, 1]);
        yield return [.. _hello, .. HandMadeClient.Frame((FrameKind)0, [])];
        yield return [.. _hello, .. HandMadeClient.Frame((FrameKind)200, [1, 2, 3])];
        yield return [.. _hello, .. HandMadeClient.Frame(FrameKind.Reply, [0, 0, 0, 0, 0, 0])];
        yield return [.. _hello, .. HandMadeClient.Frame(FrameKind.End, [0, 0, 0, 0, 0, 0])];
        yield return [.. _hello, .. HandMadeClient.Frame(FrameKind.Connect, [4, 0, 0, 0, 0, 10, 77])];
        yield return [.. _hello, .. HandMadeClient.Frame(FrameKind.Connect, [9, 0, 0, 0, 0, 10, 77, 0, 2, 0, 1])];
        yield return [.. _hello, .. HandMadeClient.Frame(FrameKind.Bind, [])];
        yield return [.. _hello, .. HandMadeClient.Frame(FrameKind.Attach, [1, 2, 3])];
        yield return [.. _hello, .. HandMadeClient.Frame(FrameKind.SetOption, [0, 1])];
        yield return [.. _hello, .. HandMadeClient.Frame(FrameKind.Data, new byte[100])];
        yield return [.. _hello, .. HandMadeClient.Frame(FrameKind.Credit, [0, 0, 0, 1])];
        yield return [.. _hello, .. HandMadeClient.Frame(FrameKind.Abort, [])];
        yield return
        [
            .. _hello, .. HandMadeClient.Frame(FrameKind.Bind, [0, 0, 0, 0, 0, 0, 0]), .. HandMadeClient.Frame(FrameKind.Listen, [0, 1]),
            .. HandMadeClient.Frame(FrameKind.Accept, []), .. HandMadeClient.Frame(FrameKind.Accept, []), .. HandMadeClient.Frame(FrameKind.Accept, []),
        ];
    }

    [Fact]
    public async Task A_violation_ends_its_own_connection_and_nothing_else()
    {
        await using var hosts = await TwoHosts.CreateAsync();
        var listener = await hosts.B.ListenAsync("-l 30102 --sctp");
        var client = hosts.A.Nc($"{hosts.B.IPv4} 30102 --sctp");
        await client.WriteAsync("before\n");
        await listener.PrintsAsync("before\n");
        foreach (var violation in Violations())
        {
            using var rude = HandMadeClient.Connect(hosts.B);
            rude.Send(violation);
            while (rude.Read() is not null)
            {
            }
        }

        await client.WriteAsync("after\n");
        await listener.PrintsAsync("after\n");
        Assert.False(hosts.B.Service.HasExited);
        Assert.Contains("broke the protocol", hosts.B.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Options_that_do_not_go_together_are_invalid_and_harm_nobody()
    {
        await using var hosts = await TwoHosts.CreateAsync(serviceA: false);
        using var client = HandMadeClient.Open(hosts.B);
        const int invalid = 22;
        Assert.Equal(0, client.Call(FrameKind.SetOption, 0, (byte)ServiceOption.RtoMin, 0x00, 0x4c, 0x4b, 0x40));
        Assert.Equal(invalid, client.Call(FrameKind.Connect, 4, 0, 0, 0, 0, 10, 77, 0, 1, 0, 7));
        Assert.Equal(invalid, client.Call(FrameKind.Listen, 0, 1));
        Assert.Equal(invalid, client.Call(FrameKind.SetOption, 0, (byte)ServiceOption.RtoMax, 0xff, 0xff, 0xff, 0xff));
        Assert.Equal(invalid, client.Call(FrameKind.SetOption, 0, (byte)ServiceOption.OutboundStreams, 0, 0, 0, 0));
        Assert.Equal(invalid, client.Call(FrameKind.SetOption, 0xff, 0xff, 0, 0, 0, 1));
        Assert.Equal(invalid, client.Call(FrameKind.Accept));
        Assert.Equal(107, client.Call(FrameKind.Names));
        Assert.Equal(107, client.Call(FrameKind.Shutdown));
        using var other = HandMadeClient.Open(hosts.B);
        Assert.Equal(invalid, other.Call(FrameKind.Connect, 0, 0, 0, 0, 0, 0, 7));
        Assert.Equal(invalid, other.Call(FrameKind.Connect, 4, 0, 0, 0, 0, 224, 0, 0, 1, 0, 7));
        Assert.Equal(invalid, other.Call(FrameKind.Connect, 4, 0, 0, 0, 0, 10, 77, 0, 1, 0, 0));
        Assert.Equal(99, other.Call(FrameKind.Bind, 4, 0, 0, 0, 0, 10, 9, 9, 9, 0, 0));
        Assert.Equal(103, other.Call(FrameKind.Attach, new byte[ServiceProtocol.TokenSize]));
        Assert.False(hosts.B.Service.HasExited);
    }

    [Fact]
    public async Task A_client_may_be_slow()
    {
        await using var hosts = await TwoHosts.CreateAsync(serviceA: false);
        using var slow = HandMadeClient.Connect(hosts.B);
        byte[] words = [.. _hello, .. HandMadeClient.Frame(FrameKind.Bind, [0, 0, 0, 0, 0, 0, 0])];
        foreach (var value in words)
        {
            slow.Send([value]);
            await Eventually.PauseAsync(2);
        }

        Assert.Equal(FrameKind.Hello, slow.Read()!.Value.Kind);
        Assert.Equal(FrameKind.Reply, slow.Read()!.Value.Kind);
    }

    [Fact]
    public async Task Thousands_of_rude_clients_leave_no_memory_behind()
    {
        await using var hosts = await TwoHosts.CreateAsync(serviceA: false);
        var seed = Environment.TickCount;
        TestContext.Current.SendDiagnosticMessage("{0}", $"seed {seed}");
        var random = new Random(seed);
        var violations = Violations().ToList();
        void Flood(int count)
        {
            for (var i = 0; i < count; i++)
            {
                using var rude = HandMadeClient.Connect(hosts.B);
                var words = violations[random.Next(violations.Count)];
                var garbage = new byte[random.Next(3000)];
                random.NextBytes(garbage);
                try
                {
                    rude.Send(random.Next(3) switch { 0 => words[..random.Next(words.Length)], 1 => words, _ => [.. _hello, .. garbage] });
                }
                catch (SocketException)
                {
                    // The service has closed first.
                    continue;
                }
            }
        }

        Flood(1500);
        var before = hosts.B.Service.ResidentKilobytes;
        Flood(4500);
        using (var client = HandMadeClient.Open(hosts.B))
        {
            Assert.Equal(0u, client.Counter(ServiceOption.Associations));
        }

        Assert.InRange(hosts.B.Service.ResidentKilobytes, 0, before + GrowthAllowed);
        Assert.InRange(hosts.B.Log.Length, 0, 30_000);
    }

    [Fact]
    public async Task Idle_clients_have_a_ceiling_and_their_places_come_back()
    {
        await using var hosts = await TwoHosts.CreateAsync(serviceA: false);
        var idle = new List<HandMadeClient>();
        for (var i = 0; i < 1300; i++)
        {
            idle.Add(HandMadeClient.Connect(hosts.B));
        }

        using (var late = HandMadeClient.Connect(hosts.B))
        {
            Assert.Null(late.Read());
        }

        idle.ForEach(client => client.Dispose());
        await Eventually.TrueAsync(() => TryOpen(hosts.B), () => "a place");
    }

    [Fact]
    public async Task Tiny_parts_and_endless_requests_do_not_pile_up()
    {
        await using var hosts = await TwoHosts.CreateAsync();
        var listener = await hosts.B.ListenAsync("-l 30102 --sctp");
        using var client = HandMadeClient.Open(hosts.A);
        client.Socket.SendTimeout = 300;
        Assert.Equal(0, client.Call(FrameKind.Connect, [4, 0, 0, 0, 0, 10, 77, 0, 2, 0x75, 0x96]));
        await listener.SignalAsync("STOP");
        var before = hosts.A.Service.ResidentKilobytes;
        var part = HandMadeClient.Frame(FrameKind.Data, [0, 0, (byte)DataFlags.EndOfRecord, 0, 0, 0, 0, 0, 1]);
        var parts = Enumerable.Repeat(part, 1000).SelectMany(bytes => bytes).ToArray();
        try
        {
            // Within credit, so no violation: it must be the socket that pushes back.
            for (var i = 0; i < 130; i++)
            {
                client.Send(parts);
            }
        }
        catch (SocketException full) when (full.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock)
        {
            Assert.InRange(hosts.A.Service.ResidentKilobytes, 0, before + GrowthAllowed);
        }

        await listener.SignalAsync("CONT");
        Assert.Equal(0, (await hosts.A.NcAsync($"-z -w 5 {hosts.B.IPv4} 30103 --sctp")).Error.Length);
        Assert.False(hosts.A.Service.HasExited);
    }

    [Fact]
    public async Task Credit_beyond_the_window_and_data_beyond_credit_are_violations()
    {
        await using var hosts = await TwoHosts.CreateAsync();
        await using var listener = await hosts.B.ListenAsync("-k -l 30102 --sctp");
        foreach (var excess in new[]
        {
            HandMadeClient.Frame(FrameKind.Credit, [0x7f, 0xff, 0xff, 0xff]),
            [.. HandMadeClient.Frame(FrameKind.Credit, [0, 2, 0, 0]), .. HandMadeClient.Frame(FrameKind.Credit, [0, 2, 0, 0])],
            Enumerable.Repeat(HandMadeClient.Frame(FrameKind.Data, [0, 0, 1, 0, 0, 0, 0, 0, .. new byte[32 * 1024]]), 400).SelectMany(bytes => bytes).ToArray(),
        })
        {
            using var client = HandMadeClient.Open(hosts.A);
            Assert.Equal(0, client.Call(FrameKind.Connect, [4, 0, 0, 0, 0, 10, 77, 0, 2, 0x75, 0x96]));
            try
            {
                client.Send(excess);
            }
            catch (SocketException)
            {
                // Closed in the middle of it.
                continue;
            }

            while (client.Read() is not null)
            {
            }
        }

        Assert.Contains("broke the protocol", hosts.A.Log, StringComparison.Ordinal);
        Assert.False(hosts.A.Service.HasExited);
    }

    private static bool TryOpen(Host host)
    {
        using var client = HandMadeClient.Connect(host);
        try
        {
            client.Send(_hello);
            return client.Read() is not null;
        }
        catch (SocketException)
        {
            // Closed before it could greet: still no place.
            return false;
        }
    }
}
