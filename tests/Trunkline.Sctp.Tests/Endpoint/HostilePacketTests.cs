using System.Buffers.Binary;
using System.Diagnostics;
using Trunkline.Sctp.Endpoint;
using Trunkline.Sctp.Wire;

namespace Trunkline.Sctp.Tests.Endpoint;

/// <summary>Random bytes and mutated packets with good checksums: never an exception, a hang or memory that grows. TRUNKLINE_SEED repeats a seed.</summary>
public sealed class HostilePacketTests(ITestOutputHelper output)
{
    private static readonly TimeSpan _budget = TimeSpan.FromSeconds(10);

    [Fact]
    public void Random_bytes_are_dropped_and_counted()
    {
        var seed = Seed();
        var random = new Random(seed);
        var duo = new Duo().Established();
        for (var i = 0; i < 20_000; i++)
        {
            var packet = new byte[random.Next(0, 200)];
            random.NextBytes(packet);
            Give(duo, packet, seed);
        }

        Assert.Equal(20_000, duo.Server.Counters.BadChecksum + duo.Server.Counters.Malformed);
        Assert.Equal(AssociationState.Established, duo.InfoZ.State);
    }

    [Fact]
    public void Chunks_of_random_bytes_with_good_checksum_and_tag_break_nothing()
    {
        var first = Seed();
        var clock = Stopwatch.StartNew();
        var runs = 0;
        for (; runs < 300 && clock.Elapsed < _budget; runs++)
        {
            var seed = unchecked(first + runs);
            var random = new Random(seed);
            var duo = new Duo().Established();
            for (var i = 0; i < 200; i++)
            {
                Give(duo, RandomPacket(random, duo.InfoZ), seed);
            }

            Rest(duo, seed);
        }

        output.WriteLine($"seeds from {first}: {runs} runs");
    }

    [Fact]
    public void Mutated_packets_of_real_conversations_break_nothing()
    {
        var first = Seed();
        var clock = Stopwatch.StartNew();
        var (runs, packets) = (0, 0L);
        for (; runs < 1500 && clock.Elapsed < _budget; runs++)
        {
            var seed = unchecked(first + runs);
            packets += Converse(seed);
        }

        output.WriteLine($"seeds from {first}: {runs} conversations, {packets} packets");
        Assert.True(runs > 20);
    }

    private static long Converse(int seed)
    {
        var random = new Random(seed);
        var duo = new Duo(new AssociationOptions { ReceiveBuffer = 40_000 }, new ListenOptions { Association = new AssociationOptions { ReceiveBuffer = 40_000 } });
        duo.Network.Filter = (_, packet) =>
        {
            if (random.Next(6) == 0)
            {
                Mutate(packet, random);
            }

            return true;
        };
        try
        {
            duo.Connect();
            duo.Run(3_000_000);
            var z = duo.Server.TryReadEvent(out var occurred) ? occurred.Association : default;
            for (var i = 0; i < 20; i++)
            {
                duo.SendFromA(random.Next(1, 6000), (ushort)random.Next(10));
                duo.Server.Send(z, 0, 0, SendModes.Unordered, Duo.Bytes(random.Next(1, 3000)), duo.Network.Now);
                duo.Run(random.Next(1, 100_000));
                if (random.Next(3) == 0)
                {
                    duo.ReadAll(duo.Server, z);
                    duo.ReadAll(duo.Client, duo.A);
                }
            }

            duo.Client.Shutdown(duo.A, duo.Network.Now);
            Rest(duo, seed);
            duo.Server.Release(z, duo.Network.Now);
            duo.Client.Release(duo.A, duo.Network.Now);
        }
        catch (Exception exception) when (exception is not Xunit.Sdk.XunitException)
        {
            throw new InvalidOperationException($"TRUNKLINE_SEED={seed} repeats this: {exception.Message}", exception);
        }

        Assert.True(duo.Client.BufferMemoryInUse == 0 && duo.Client.AssociationCount == 0, $"seed {seed}: the client kept memory");
        return duo.Network.Delivered;
    }

    private static void Rest(Duo duo, int seed)
    {
        var steps = 0;
        var until = duo.Network.Now + 20_000_000;
        while (duo.Network.Step(until))
        {
            Assert.True(++steps < 100_000, $"seed {seed}: a storm");
        }

        Assert.True(duo.Server.BufferMemoryInUse < 4 << 20, $"seed {seed}: memory grew");
    }

    private static byte[] RandomPacket(Random random, in AssociationInfo info)
    {
        var chunks = new byte[random.Next(1, 4)][];
        for (var i = 0; i < chunks.Length; i++)
        {
            var value = new byte[random.Next(0, 60)];
            random.NextBytes(value);
            chunks[i] = Forge.Chunk(random.Next(3) == 0 ? (byte)random.Next(256) : (byte)random.Next(15), (byte)random.Next(16), value);
            if (random.Next(8) == 0)
            {
                BinaryPrimitives.WriteUInt16BigEndian(chunks[i].AsSpan(2), (ushort)random.Next(0, 200));
            }
        }

        var tag = random.Next(8) == 0 ? info.PeerTag : random.Next(8) == 0 ? 0 : info.LocalTag;
        return Forge.Packet(4000, Duo.Port, tag, chunks);
    }

    private static void Mutate(byte[] packet, Random random)
    {
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            // Mostly where the fields are.
            var at = random.Next(random.Next(2) == 0 ? Math.Min(packet.Length, 36) : packet.Length);
            packet[at] = random.Next(3) switch
            {
                0 => (byte)random.Next(256),
                1 => (byte)(packet[at] ^ (1 << random.Next(8))),
                _ => random.Next(2) == 0 ? (byte)0 : (byte)255,
            };
        }

        Crc32c.Write(packet);
    }

    private static void Give(Duo duo, byte[] packet, int seed)
    {
        try
        {
            duo.Server.Receive(new SctpDatagram(packet, duo.ClientAddress, duo.ServerAddress), duo.Network.Now);
            duo.Network.Collect(duo.Server);
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"TRUNKLINE_SEED={seed}: {Convert.ToHexString(packet)}: {exception.Message}", exception);
        }
    }

    private static int Seed() => int.Parse(Environment.GetEnvironmentVariable("TRUNKLINE_SEED") ?? Environment.TickCount.ToString());
}
