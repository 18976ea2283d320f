namespace Trunkline.Sctp.Endpoint;

/// <summary>Packets to send, one after another in pinned slabs that are used again: no allocation once warm.</summary>
public sealed class DatagramBatch
{
    private const int SlabSize = 65536;
    private readonly List<byte[]> _slabs = [];
    private OutgoingDatagram[] _items = new OutgoingDatagram[64];
    private int _slab;
    private int _used;

    public int Count { get; private set; }

    public ref readonly OutgoingDatagram this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            return ref _items[index];
        }
    }

    /// <summary>Forgets the packets and keeps the slabs.</summary>
    public void Clear()
    {
        Count = 0;
        _slab = 0;
        _used = 0;
    }

    /// <summary>Room for one packet of at most <paramref name="size"/> bytes; <see cref="Commit"/> says how much of it was used.</summary>
    internal Memory<byte> Reserve(int size)
    {
        if (_slabs.Count == 0)
        {
            _slabs.Add(GC.AllocateUninitializedArray<byte>(SlabSize, pinned: true));
        }

        if (_used + size > SlabSize)
        {
            _slab++;
            _used = 0;
            if (_slab == _slabs.Count)
            {
                _slabs.Add(GC.AllocateUninitializedArray<byte>(SlabSize, pinned: true));
            }
        }

        return _slabs[_slab].AsMemory(_used, size);
    }

    internal void Commit(int length, SctpAddress source, SctpAddress destination, bool dontFragment)
    {
        if (Count == _items.Length)
        {
            Array.Resize(ref _items, Count * 2);
        }

        _items[Count++] = new OutgoingDatagram(_slabs[_slab].AsMemory(_used, length), source, destination, dontFragment);
        _used += length;
    }
}
