using CsCheck;
using Trunkline.Sctp.Association;

namespace Trunkline.Sctp.Tests.Association;

public sealed class BlockPoolTests
{
    [Fact]
    public void Blocks_never_overlap_and_all_memory_comes_back() =>
        Gen.Select(Gen.Int[1, BlockPool.LargestBlock], Gen.Int[0, 2]).Array[1, 400].Sample(steps =>
        {
            var pool = new BlockPool(4 << 20);
            var held = new List<(Block Block, int Length, byte Mark)>();
            byte mark = 0;
            foreach (var (length, action) in steps)
            {
                if (action == 0 && held.Count > 0)
                {
                    var (block, size, stamp) = held[length % held.Count];
                    Assert.DoesNotContain(pool.Bytes(block, size).ToArray(), value => value != stamp);
                    pool.Free(block);
                    held.RemoveAt(length % held.Count);
                }
                else if (pool.TryAllocate(length, out var block))
                {
                    pool.Bytes(block, length).Fill(++mark);
                    held.Add((block, length, mark));
                }
            }

            foreach (var (block, size, stamp) in held)
            {
                Assert.DoesNotContain(pool.Bytes(block, size).ToArray(), value => value != stamp);
                pool.Free(block);
            }

            Assert.Equal(0, pool.InUse);
        }, iter: 300);

    [Fact]
    public void The_ceiling_holds()
    {
        var pool = new BlockPool(3 * 65_536);
        var count = 0;
        while (pool.TryAllocate(BlockPool.LargestBlock, out _))
        {
            count++;
        }

        Assert.Equal(12, count);
        Assert.Equal(3 * 65_536, pool.InUse);
    }
}
