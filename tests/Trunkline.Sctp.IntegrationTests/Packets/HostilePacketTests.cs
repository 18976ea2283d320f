using System.Buffers.Binary;
using Trunkline.Sctp.IntegrationTests.Support;
using Trunkline.Sctp.Service;
using Xunit;

namespace Trunkline.Sctp.IntegrationTests.Packets;

/// <summary>Garbage, truncated and forged packets over a real wire: dropped and counted, while an association beside them goes on.</summary>
public sealed class HostilePacketTests
{
    [Fact]
    public async Task A_flood_of_bad_packets_is_dropped_and_counted_and_disturbs_nobody()
    {
        await using var hosts = await TwoHosts.CreateAsync();
        await using var attacker = RawHost.Open(hosts.A);
        var seed = Environment.TickCount;
        TestContext.Current.SendDiagnosticMessage("{0}", $"seed {seed}");
        var random = new Random(seed);
        var listener = await hosts.B.ListenAsync("-l 30102 --sctp");
        var client = hosts.A.Nc($"-p 4242 {hosts.B.IPv4} 30102 --sctp");
        await client.WriteAsync("before\n");
        await listener.PrintsAsync("before\n");
        using var service = HandMadeClient.Open(hosts.B);
        var before = hosts.B.Service.ResidentKilobytes;
        var counters = new[] { ServiceOption.BadChecksum, ServiceOption.Malformed, ServiceOption.BadVerificationTag, ServiceOption.OutOfTheBlue, ServiceOption.BadCookie };
        var start = counters.ToDictionary(option => option, service.Counter);
        for (var i = 0; i < 4000; i++)
        {
            attacker.Send(hosts.B.IPv4, Bad(random, i % 8));
            if (i % 50 == 0)
            {
                await Eventually.PauseAsync(1);
            }
        }

        await Eventually.TrueAsync(() => service.Counter(ServiceOption.PacketsReceived) >= 4000, () => $"{service.Counter(ServiceOption.PacketsReceived)} packets");
        foreach (var option in counters)
        {
            Assert.True(service.Counter(option) >= start[option] + 300, $"{option}: {service.Counter(option)}");
        }

        Assert.Equal(1u, service.Counter(ServiceOption.Associations));
        await client.WriteAsync("after\n");
        await listener.PrintsAsync("after\n");
        client.EndInput();
        Assert.Equal((0, 0), ((await client.EndAsync()).ExitCode, (await listener.EndAsync()).ExitCode));
        Assert.InRange(hosts.B.Service.ResidentKilobytes, 0, before + 12_000);
    }

    [Fact]
    public async Task Inits_without_end_cost_nothing()
    {
        await using var hosts = await TwoHosts.CreateAsync(serviceA: false);
        await using var attacker = RawHost.Open(hosts.A);
        await using var listener = await hosts.B.ListenAsync("-k -l 30102 --sctp");
        using var service = HandMadeClient.Open(hosts.B);
        void Flood(int count)
        {
            for (var i = 0; i < count; i++)
            {
                attacker.Send(hosts.B.IPv4, RawHost.Init((ushort)(1024 + (i % 60000)), 30102, (uint)i + 1));
            }
        }

        Flood(10_000);
        var before = hosts.B.Service.ResidentKilobytes;
        Flood(40_000);
        await Eventually.TrueAsync(() => service.Counter(ServiceOption.PacketsSent) > 1000, () => "answers");
        Assert.Equal(0u, service.Counter(ServiceOption.Associations));
        Assert.InRange(hosts.B.Service.ResidentKilobytes, 0, before + 8_000);
    }

    // Eight ways to be bad, with the association's own ports wherever that makes it worse.
    private static byte[] Bad(Random random, int kind)
    {
        var bytes = new byte[random.Next(1, 200)];
        random.NextBytes(bytes);
        byte[] Chunk(byte type, int length)
        {
            var chunk = new byte[(length + 3) & ~3];
            random.NextBytes(chunk);
            chunk[0] = type;
            BinaryPrimitives.WriteUInt16BigEndian(chunk.AsSpan(2), (ushort)length);
            return chunk;
        }

        byte[] closers = [6, 7, 8, 14, 0, 3, 9, 11];
        return kind switch
        {
            0 => bytes,
            1 => RawHost.Packet(4242, 30102, (uint)random.Next(), bytes),
            2 => RawHost.Packet(4242, 30102, (uint)random.Next(), Chunk(closers[random.Next(closers.Length)], 20)),
            3 => RawHost.Packet((ushort)random.Next(1, 65536), (ushort)random.Next(1, 65536), (uint)random.Next(), Chunk((byte)random.Next(256), random.Next(4, 60))),
            4 => RawHost.Packet(4243, 30102, (uint)random.Next(), Chunk(10, 4 + random.Next(200))),
            5 => Corrupted(random, RawHost.Init(4242, 30102, 7)),
            6 => RawHost.Init(4242, 30102, 7)[..random.Next(1, 12)],
            _ => RawHost.Packet(4242, 30102, 0, [1, 0, 0, (byte)random.Next(4, 20), 0, 0, 0, 0]),
        };
    }

    private static byte[] Corrupted(Random random, byte[] packet)
    {
        packet[random.Next(packet.Length)] ^= (byte)(1 << random.Next(8));
        return packet;
    }
}
