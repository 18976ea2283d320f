using System.Buffers.Binary;
using Trunkline.Sctp.Wire;

namespace Trunkline.Sctp.Association;

/// <summary>Which TSNs arrived: the cumulative point, ranges beyond it, and duplicates to report (RFC 9260 section 6.2).</summary>
internal sealed class ReceivedTsns(uint initialTsn, int window)
{
    // Each hole costs a range; a peer that makes more holes than this has its chunks dropped, and sends them again.
    private const int MaxRanges = 512;
    private const int MaxDuplicates = 16;
    private readonly uint[] _duplicates = new uint[MaxDuplicates];
    private Range[] _ranges = new Range[8];
    private int _count;
    private int _duplicateCount;

    public uint Cumulative { get; private set; } = initialTsn - 1;

    public bool HasGaps => _count > 0;

    public Arrival Judge(uint tsn)
    {
        if (!Serial.Less(Cumulative, tsn))
        {
            return Arrival.Duplicate;
        }

        if (tsn - Cumulative > (uint)window)
        {
            return Arrival.TooFar;
        }

        var place = PlaceOf(tsn);
        if (place < _count && !Serial.Less(tsn, _ranges[place].Start))
        {
            return Arrival.Duplicate;
        }

        return _count == MaxRanges && tsn != Cumulative + 1 ? Arrival.TooFar : Arrival.New;
    }

    public void NoteDuplicate(uint tsn)
    {
        if (_duplicateCount < MaxDuplicates)
        {
            _duplicates[_duplicateCount++] = tsn;
        }
    }

    /// <summary>Takes a TSN judged new.</summary>
    public void Add(uint tsn)
    {
        if (tsn == Cumulative + 1)
        {
            Cumulative = tsn;
            if (_count > 0 && _ranges[0].Start == tsn + 1)
            {
                Cumulative = _ranges[0].End;
                RemoveAt(0);
            }

            return;
        }

        var place = PlaceOf(tsn);
        var joinsNext = place < _count && _ranges[place].Start == tsn + 1;
        var joinsPrevious = place > 0 && _ranges[place - 1].End == tsn - 1;
        if (joinsPrevious && joinsNext)
        {
            _ranges[place - 1].End = _ranges[place].End;
            RemoveAt(place);
        }
        else if (joinsPrevious)
        {
            _ranges[place - 1].End = tsn;
        }
        else if (joinsNext)
        {
            _ranges[place].Start = tsn;
        }
        else
        {
            InsertAt(place, tsn);
        }
    }

    /// <summary>How long a SACK's value would be, within a packet's room.</summary>
    public int SackLength(int room) =>
        SackChunk.FixedSize + (4 * Math.Min(_count + _duplicateCount, Math.Max(0, (room - SackChunk.FixedSize - Chunk.HeaderSize) / 4)));

    /// <summary>Writes a SACK's value; the duplicates are reported once.</summary>
    public void WriteSack(Span<byte> value, uint window)
    {
        var entries = (value.Length - SackChunk.FixedSize) / 4;
        var gaps = Math.Min(entries, _count);
        var duplicates = entries - gaps;
        BinaryPrimitives.WriteUInt32BigEndian(value, Cumulative);
        BinaryPrimitives.WriteUInt32BigEndian(value[4..], window);
        BinaryPrimitives.WriteUInt16BigEndian(value[8..], (ushort)gaps);
        BinaryPrimitives.WriteUInt16BigEndian(value[10..], (ushort)duplicates);
        value = value[SackChunk.FixedSize..];
        for (var i = 0; i < gaps; i++, value = value[4..])
        {
            BinaryPrimitives.WriteUInt16BigEndian(value, (ushort)(_ranges[i].Start - Cumulative));
            BinaryPrimitives.WriteUInt16BigEndian(value[2..], (ushort)(_ranges[i].End - Cumulative));
        }

        for (var i = 0; i < duplicates; i++, value = value[4..])
        {
            BinaryPrimitives.WriteUInt32BigEndian(value, _duplicates[i]);
        }

        _duplicateCount = 0;
    }

    /// <summary>The first range that ends at or after a TSN. Arrivals are mostly at the end, so the search begins there.</summary>
    private int PlaceOf(uint tsn)
    {
        var place = _count;
        while (place > 0 && !Serial.Less(_ranges[place - 1].End, tsn))
        {
            place--;
        }

        return place;
    }

    private void InsertAt(int place, uint tsn)
    {
        if (_count == _ranges.Length)
        {
            Array.Resize(ref _ranges, _count * 2);
        }

        Array.Copy(_ranges, place, _ranges, place + 1, _count - place);
        _ranges[place] = new Range { Start = tsn, End = tsn };
        _count++;
    }

    private void RemoveAt(int place)
    {
        _count--;
        Array.Copy(_ranges, place + 1, _ranges, place, _count - place);
    }

    private struct Range
    {
        public uint Start;
        public uint End;
    }
}
