using System.Buffers.Binary;
using System.Net;
using System.Text;
using Trunkline.Node.Network.Sctp;
using Xunit;

namespace Trunkline.Node.Tests.Network;

/// <summary>RFC 9260 section 8.4: what is said to packets out of the blue, and what never is; and that no bytes of a stranger do harm.</summary>
public sealed class StrayAnswerTests
{
    private const byte Data = 0, Init = 1, Heartbeat = 4, Abort = 6, ShutdownAck = 8, Error = 9, CookieEcho = 10, CookieAck = 11, ShutdownComplete = 14;

    [Fact]
    public void The_checksum_is_Castagnolis()
    {
        // The check value of CRC-32C: the sum of "123456789", here around a checksum's place, which counts as zeros.
        Assert.Equal(0xE3069283u, ~"123456789"u8.ToArray().Aggregate(uint.MaxValue, System.Numerics.BitOperations.Crc32C));
        var packet = Encoding.ASCII.GetBytes("01234567abcd89");
        var zeros = packet.ToArray();
        zeros.AsSpan(8, 4).Clear();
        Assert.Equal(~zeros.Aggregate(uint.MaxValue, System.Numerics.BitOperations.Crc32C), Crc32c.Of(packet));
    }

    [Theory]
    [InlineData(new[] { Data }, Abort)]
    [InlineData(new[] { CookieEcho, Data }, Abort)]
    [InlineData(new[] { Heartbeat }, Abort)]
    [InlineData(new[] { Error }, Abort)]
    [InlineData(new[] { ShutdownAck }, ShutdownComplete)]
    [InlineData(new[] { Abort }, null)]
    [InlineData(new[] { Data, Abort }, null)]
    [InlineData(new[] { ShutdownComplete }, null)]
    [InlineData(new[] { CookieAck }, null)]
    [InlineData(new[] { Init }, null)]
    [InlineData(new byte[0], null)]
    public void An_answer_for_each_chunk(byte[] chunks, byte? answer)
    {
        foreach (var (source, destination) in new[] { ("10.128.2.6", "172.30.0.10"), ("fd01::6", "fd02::10") })
        {
            Assert.Equal(answer, Chunk(StrayAnswer.To(Packet(source, destination, chunks))));
        }
    }

    [Fact]
    public void The_answer_comes_from_where_the_packet_was_sent_to_with_its_tag_and_a_T_bit()
    {
        Assert.True(SctpPacket.TryRead(StrayAnswer.To(Packet("10.128.2.6", "172.30.0.10", [Data])), out var answer));
        Assert.Equal(("172.30.0.10", 38412), ($"{answer.Source}", answer.SourcePort));
        Assert.Equal(("10.128.2.6", 5000), ($"{answer.Destination}", answer.DestinationPort));
        Assert.Equal(0xCAFE0001, answer.Tag);
        Assert.Equal(1, answer.Transport[13]);
        Assert.Equal(Crc32c.Of(answer.Transport), BinaryPrimitives.ReadUInt32LittleEndian(answer.Transport[8..]));
    }

    [Fact]
    public void A_stale_cookie_a_wrong_sum_a_group_and_a_port_of_zero_are_left_alone()
    {
        var stale = Packet("10.128.2.6", "172.30.0.10", [Error]);
        stale[20 + 12 + 5] = 3; // cause 3: Stale Cookie
        Crc32c.Write(stale.AsSpan(20));
        Assert.Null(StrayAnswer.To(stale));

        var corrupted = Packet("10.128.2.6", "172.30.0.10", [Data]);
        corrupted[^1] ^= 1;
        Assert.Null(StrayAnswer.To(corrupted));
        corrupted.AsSpan(28, 4).Clear();
        Assert.NotNull(StrayAnswer.To(corrupted)); // left to a card that never came

        Assert.Null(StrayAnswer.To(Packet("10.128.2.6", "224.0.0.5", [Data])));
        Assert.Null(StrayAnswer.To(Packet("10.128.2.6", "ff02::1", [Data])));
        Assert.Null(StrayAnswer.To(Packet("0.0.0.0", "172.30.0.10", [Data])));
        Assert.Null(StrayAnswer.To(Packet("10.128.2.6", "172.30.0.10", [Data], port: 0)));
    }

    [Fact]
    public void Whatever_bytes_come_nothing_breaks_and_no_answer_is_longer_than_its_question()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var answered = 0;
        for (var round = 0; round < 200_000; round++)
        {
            var bytes = Packet(random.Next(2) == 0 ? "10.128.2.6" : "fd01::6", random.Next(2) == 0 ? "172.30.0.10" : "fd02::10", [(byte)random.Next(16), (byte)random.Next(256)]);
            Mutate(bytes, random);
            var cut = random.Next(4) == 0 ? bytes.AsSpan(0, random.Next(bytes.Length + 1)) : bytes;
            var answer = StrayAnswer.To(cut);
            _ = ListedAddresses.Read(cut);
            if (answer is not null)
            {
                answered++;
                Assert.True(answer.Length <= cut.Length, $"seed {seed}, round {round}");
                Assert.Null(StrayAnswer.To(answer)); // two that answer each other would never end
            }
        }

        Assert.True(answered > 1000, $"seed {seed}: only {answered} were packets");
    }

    private static void Mutate(byte[] bytes, Random random)
    {
        for (var change = random.Next(4); change > 0; change--)
        {
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        }

        if (random.Next(2) == 0 && bytes[0] >> 4 is 4)
        {
            Crc32c.Write(bytes.AsSpan(20));
        }
    }

    [Fact]
    public void Addresses_beside_the_source_are_listed_and_names_made_harmless()
    {
        byte[] parameters = [0, 5, 0, 8, 10, 128, 2, 6, 0, 5, 0, 8, 10, 99, 0, 7, 0, 11, 0, 9, (byte)'a', (byte)'\n', (byte)'b', 0, 0, 0, 0, 0, 0, 5, 0, 8, 10, 99, 0, 7];
        var listed = ListedAddresses.Read(InitOf("10.128.2.6", parameters));
        Assert.NotNull(listed);
        Assert.Equal(["10.99.0.7", "name a?b"], listed.Addresses);
        Assert.Null(ListedAddresses.Read(InitOf("10.128.2.6", [0, 5, 0, 8, 10, 128, 2, 6])));
        Assert.Null(ListedAddresses.Read(InitOf("10.128.2.6", [0, 5, 0, 3, 10, 128, 2, 6])));
        Assert.Null(ListedAddresses.Read(InitOf("10.128.2.6", [])));
    }

    private static byte? Chunk(byte[]? answer) => answer is null ? null : answer[^4];

    private static byte[] InitOf(string source, byte[] parameters)
    {
        byte[] chunk = [Init, 0, 0, (byte)(20 + parameters.Length), .. new byte[16], .. parameters];
        return Ip(IPAddress.Parse(source), IPAddress.Parse("172.30.0.10"), [0x13, 0x88, 0x96, 0x0C, 0, 0, 0, 0, 0, 0, 0, 0, .. chunk]);
    }

    private static byte[] Packet(string source, string destination, byte[] chunks, int port = 38412)
    {
        byte[] sctp = [0x13, 0x88, (byte)(port >> 8), (byte)port, 0xCA, 0xFE, 0, 1, 0, 0, 0, 0, .. chunks.SelectMany(type => new byte[] { type, 0, 0, 8, 0, 0, 0, 4 })];
        Crc32c.Write(sctp);
        return Ip(IPAddress.Parse(source), IPAddress.Parse(destination), sctp);
    }

    private static byte[] Ip(IPAddress source, IPAddress destination, byte[] sctp)
    {
        byte[] head = source.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork && destination.AddressFamily == source.AddressFamily
            ? [0x45, 0, 0, (byte)(20 + sctp.Length), 0, 0, 0, 0, 64, 132, 0, 0, .. source.GetAddressBytes(), .. destination.GetAddressBytes()]
            : [0x60, 0, 0, 0, 0, (byte)sctp.Length, 132, 64, .. source.MapToIPv6().GetAddressBytes(), .. destination.MapToIPv6().GetAddressBytes()];
        return [.. head, .. sctp];
    }
}
