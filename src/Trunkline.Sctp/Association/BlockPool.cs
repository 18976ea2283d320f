using System.Buffers.Binary;

namespace Trunkline.Sctp.Association;

/// <summary>
/// Memory for what waits: slabs of 64 KiB cut into blocks of one size each. A chunk takes the smallest size that holds it, so nothing small pins
/// something large; a slab all of whose blocks are free can be cut anew. Never shrinks, never passes its ceiling.
/// </summary>
internal sealed class BlockPool(long ceiling)
{
    public const int LargestBlock = 16384;
    private const int SlabSize = 65536;
    private const int None = -1;

    private static readonly int[] _sizes = [64, 128, 256, 512, 1024, 1536, 2048, 4096, 8192, LargestBlock];

    private readonly List<Slab> _slabs = [];
    private readonly Stack<int> _empty = new();
    private readonly int[] _withRoom = [.. Enumerable.Repeat(None, _sizes.Length)];

    /// <summary>Bytes of slabs that hold at least one block.</summary>
    public long InUse => (long)(_slabs.Count - _empty.Count) * SlabSize;

    public bool HasRoom => InUse + SlabSize <= ceiling;

    /// <summary>The memory a piece of this length takes.</summary>
    public static int SizeFor(int length) => _sizes[ClassFor(length)];

    public bool TryAllocate(int length, out Block block)
    {
        var sizeClass = ClassFor(length);
        if (_withRoom[sizeClass] == None && !TryAddSlab(sizeClass))
        {
            block = default;
            return false;
        }

        var index = _withRoom[sizeClass];
        var slab = _slabs[index];
        var size = _sizes[sizeClass];
        int offset;
        if (slab.FirstFree != None)
        {
            offset = slab.FirstFree;
            slab.FirstFree = BinaryPrimitives.ReadInt32LittleEndian(slab.Bytes.AsSpan(offset));
        }
        else
        {
            offset = slab.Untouched;
            slab.Untouched += size;
        }

        slab.Used++;
        if (slab.FirstFree == None && slab.Untouched + size > SlabSize)
        {
            Unlink(index, slab);
        }

        block = new Block(index, offset);
        return true;
    }

    public Span<byte> Bytes(Block block, int length) => _slabs[block.Slab].Bytes.AsSpan(block.Offset, length);

    public void Free(Block block)
    {
        var slab = _slabs[block.Slab];
        var wasFull = slab.FirstFree == None && slab.Untouched + _sizes[slab.SizeClass] > SlabSize;
        BinaryPrimitives.WriteInt32LittleEndian(slab.Bytes.AsSpan(block.Offset), slab.FirstFree);
        slab.FirstFree = block.Offset;
        if (wasFull)
        {
            Link(block.Slab, slab);
        }

        if (--slab.Used == 0)
        {
            Unlink(block.Slab, slab);
            _empty.Push(block.Slab);
        }
    }

    private static int ClassFor(int length)
    {
        for (var i = 0; i < _sizes.Length; i++)
        {
            if (length <= _sizes[i])
            {
                return i;
            }
        }

        throw new ArgumentOutOfRangeException(nameof(length), length, "Larger than the largest block.");
    }

    private bool TryAddSlab(int sizeClass)
    {
        if (!HasRoom)
        {
            return false;
        }

        if (!_empty.TryPop(out var index))
        {
            index = _slabs.Count;
            _slabs.Add(new Slab(GC.AllocateUninitializedArray<byte>(SlabSize)));
        }

        var slab = _slabs[index];
        slab.SizeClass = sizeClass;
        slab.FirstFree = None;
        slab.Untouched = 0;
        Link(index, slab);
        return true;
    }

    private void Link(int index, Slab slab)
    {
        slab.Previous = None;
        slab.Next = _withRoom[slab.SizeClass];
        if (slab.Next != None)
        {
            _slabs[slab.Next].Previous = index;
        }

        _withRoom[slab.SizeClass] = index;
    }

    private void Unlink(int index, Slab slab)
    {
        if (slab.Previous != None)
        {
            _slabs[slab.Previous].Next = slab.Next;
        }
        else if (_withRoom[slab.SizeClass] == index)
        {
            _withRoom[slab.SizeClass] = slab.Next;
        }

        if (slab.Next != None)
        {
            _slabs[slab.Next].Previous = slab.Previous;
        }
    }

    private sealed class Slab(byte[] bytes)
    {
        public byte[] Bytes { get; } = bytes;

        public int SizeClass { get; set; }

        public int Used { get; set; }

        public int FirstFree { get; set; }

        public int Untouched { get; set; }

        public int Previous { get; set; }

        public int Next { get; set; }
    }
}
