using System.Buffers.Binary;
using CsCheck;
using Trunkline.Sctp.Association;
using Trunkline.Sctp.Wire;

namespace Trunkline.Sctp.Tests.Association;

public sealed class ReceivedTsnsTests
{
    [Fact]
    public void Whatever_the_order_a_sack_tells_exactly_what_arrived() =>
        Gen.Select(Gen.UInt, Gen.Int[1, 200].Array[0, 300]).Sample((initial, offsets) =>
        {
            var tsns = new ReceivedTsns(initial, 4096);
            var model = new HashSet<int>();
            foreach (var offset in offsets)
            {
                var tsn = initial + (uint)offset - 1;
                var expected = model.Add(offset) ? Arrival.New : Arrival.Duplicate;
                Assert.Equal(expected, tsns.Judge(tsn));
                if (expected == Arrival.New)
                {
                    tsns.Add(tsn);
                }
            }

            Assert.Equal(model.Order(), Told(tsns, initial).Order());
        });

    [Fact]
    public void Too_far_ahead_is_not_kept()
    {
        var tsns = new ReceivedTsns(uint.MaxValue - 3, 100);
        Assert.Equal(Arrival.New, tsns.Judge(unchecked(uint.MaxValue - 4 + 100)));
        Assert.Equal(Arrival.TooFar, tsns.Judge(unchecked(uint.MaxValue - 4 + 101)));
        Assert.Equal(Arrival.Duplicate, tsns.Judge(uint.MaxValue - 4));
    }

    [Fact]
    public void Duplicates_are_reported_once()
    {
        var tsns = new ReceivedTsns(1, 100);
        tsns.NoteDuplicate(1);
        var value = new byte[tsns.SackLength(1000)];
        Assert.Equal(16, value.Length);
        tsns.WriteSack(value, 5);
        Assert.Equal(1, BinaryPrimitives.ReadUInt16BigEndian(value.AsSpan(10)));
        Assert.Equal(12, tsns.SackLength(1000));
    }

    private static List<int> Told(ReceivedTsns tsns, uint initial)
    {
        var value = new byte[tsns.SackLength(10_000)];
        tsns.WriteSack(value, 0);
        Assert.True(SackChunk.TryRead(new Chunk([3, 0, 0, 0, .. value]), out var sack));
        var told = Enumerable.Range(1, (int)(sack.CumulativeTsn - initial + 1)).ToList();
        var cumulative = told.Count;
        for (var i = 0; i < sack.GapCount; i++)
        {
            var (start, end) = sack.Gap(i);
            told.AddRange(Enumerable.Range(cumulative + start, end - start + 1));
        }

        return told;
    }
}
