namespace Trunkline.Sctp.Association;

/// <summary>Chunks that are not part of a message yet, by TSN. Grows only when two TSNs want the same place.</summary>
internal sealed class ChunkRing(NodePool<ReceivedChunk> chunks, int capacity)
{
    private int[] _places = new int[32];

    private uint Mask => (uint)_places.Length - 1;

    public int Find(uint tsn)
    {
        var index = _places[tsn & Mask] - 1;
        return index >= 0 && chunks[index].Tsn == tsn ? index : NodePool<ReceivedChunk>.None;
    }

    public bool TryAdd(uint tsn, int index)
    {
        while (_places[tsn & Mask] != 0)
        {
            if (_places.Length >= capacity)
            {
                return false;
            }

            Grow();
        }

        _places[tsn & Mask] = index + 1;
        return true;
    }

    public void Remove(uint tsn) => _places[tsn & Mask] = 0;

    /// <summary>Takes any chunk out; false where none is left.</summary>
    public bool TryTakeAny(ref int cursor, out int index)
    {
        for (; cursor < _places.Length; cursor++)
        {
            if (_places[cursor] != 0)
            {
                index = _places[cursor] - 1;
                _places[cursor] = 0;
                return true;
            }
        }

        index = NodePool<ReceivedChunk>.None;
        return false;
    }

    private void Grow()
    {
        var old = _places;
        _places = new int[old.Length * 2];
        foreach (var place in old)
        {
            if (place != 0)
            {
                // Two places of a smaller ring never meet in one twice its size.
                _places[chunks[place - 1].Tsn & Mask] = place;
            }
        }
    }
}
