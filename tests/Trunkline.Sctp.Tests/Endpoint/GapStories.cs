using Trunkline.Sctp.Endpoint;
using Trunkline.Sctp.Wire;

namespace Trunkline.Sctp.Tests.Endpoint;

/// <summary>Gap blocks, chunk by chunk (RFC 9260 sections 3.3.4, 6.2.1, 6.3.3): what is sent again after a SACK, and what is not.</summary>
public sealed class GapStories
{
    private const int Chunks = 8;

    /// <summary>The blocks of a SACK, and the places (from 1) of the chunks that the timer then sends again.</summary>
    [Theory]
    [InlineData("", "1 2 3 4 5 6 7 8")]
    [InlineData("2-3 5-5", "1 4 6 7 8")]
    [InlineData("2-8", "1")]
    [InlineData("8-8", "1 2 3 4 5 6 7")]
    [InlineData("2-2 3-3 4-4", "1 5 6 7 8")]
    [InlineData("0-1", "1 2 3 4 5 6 7 8")]
    [InlineData("3-2", "1 2 3 4 5 6 7 8")]
    [InlineData("2-9", "1 2 3 4 5 6 7 8")]
    [InlineData("2-65535", "1 2 3 4 5 6 7 8")]
    [InlineData("5-6 2-3", "1 2 3 4 7 8")]
    [InlineData("2-5 4-6", "1 6 7 8")]
    public void What_a_sack_reports_is_not_sent_again(string blocks, string again)
    {
        var duo = Sent(out var first);
        Acknowledge(duo, first, blocks);
        Assert.Equal(again, SentAgain(duo, first));
    }

    [Fact]
    public void What_a_receiver_takes_back_is_sent_again()
    {
        var duo = Sent(out var first);
        Acknowledge(duo, first, "2-3 5-6");
        Acknowledge(duo, first, "5-5");
        Assert.Equal("1 2 3 4 6 7 8", SentAgain(duo, first));
    }

    [Fact]
    public void Between_two_blocks_everything_is_taken_back()
    {
        var duo = Sent(out var first);
        Acknowledge(duo, first, "2-7");
        Acknowledge(duo, first, "2-2 7-7");
        Assert.Equal("1 3 4 5 6 8", SentAgain(duo, first));
    }

    [Fact]
    public void A_duplicate_is_told_of_in_the_next_sack()
    {
        var duo = new Duo().Established();
        duo.SendFromA(10);
        duo.Run(1_000_000);
        var data = duo.Packets.First(packet => Duo.Describe(packet) == "Data");
        duo.Packets.Clear();
        duo.Server.Receive(new SctpDatagram(data, duo.ClientAddress, duo.ServerAddress), duo.Network.Now);
        duo.Pump();
        var sack = duo.Packets.Single();
        Assert.Equal("Sack", Duo.Describe(sack));
        Assert.Equal([0, 0, 0, 1], sack[24..28]);
        Assert.Equal(data[16..20], sack[28..32]);
    }

    private static Duo Sent(out uint first)
    {
        var duo = new Duo().Established();
        duo.Passes = line => !line.StartsWith("A: ", StringComparison.Ordinal);
        for (var i = 0; i < Chunks; i++)
        {
            duo.SendFromA(100);
        }

        duo.Pump();
        var tsns = Tsns(duo.Packets);
        Assert.Equal(Chunks, tsns.Count);
        first = tsns[0];
        return duo;
    }

    private static void Acknowledge(Duo duo, uint first, string blocks)
    {
        var gaps = blocks.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(block => block.Split('-')).Select(ends => (ushort.Parse(ends[0]), ushort.Parse(ends[1]))).ToArray();
        var packet = Forge.Packet(Duo.Port, 4000, duo.InfoA.LocalTag, Forge.Sack(first - 1, 100_000, gaps));
        duo.Client.Receive(new SctpDatagram(packet, duo.ServerAddress, duo.ClientAddress), duo.Network.Now);
        duo.Pump();
    }

    /// <summary>Lets the timer run out once; everything that goes out then, in places from 1.</summary>
    private static string SentAgain(Duo duo, uint first)
    {
        duo.Packets.Clear();
        duo.Run(1_500_000);
        return string.Join(' ', Tsns(duo.Packets).Select(tsn => tsn - first + 1));
    }

    private static List<uint> Tsns(IEnumerable<byte[]> packets)
    {
        var tsns = new List<uint>();
        foreach (var packet in packets)
        {
            var chunks = new ChunkReader(packet.AsSpan(CommonHeader.Size));
            while (chunks.TryRead(out var chunk))
            {
                if (DataChunk.TryRead(chunk, out var data) && chunk.Type == ChunkType.Data)
                {
                    tsns.Add(data.Tsn);
                }
            }
        }

        return tsns;
    }
}
