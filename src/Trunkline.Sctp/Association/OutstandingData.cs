using Trunkline.Sctp.Wire;

namespace Trunkline.Sctp.Association;

/// <summary>Sent and not cumulatively acknowledged: a ring indexed by TSN, with running byte counters.</summary>
internal sealed class OutstandingData(SendBuffer buffer, uint initialTsn)
{
    private const int MissesBeforeRetransmit = 3;
    private Slot[] _slots = new Slot[32];
    private uint _highestGapAcknowledged = initialTsn - 1;
    private uint _markedFrom = initialTsn;
    private uint _sampleTsn;
    private bool _sampling;

    public uint NextTsn { get; private set; } = initialTsn;

    public uint CumulativeAcknowledged { get; private set; } = initialTsn - 1;

    public int Count => (int)(NextTsn - CumulativeAcknowledged - 1);

    public bool IsEmpty => Count == 0;

    public int BytesInFlight { get; private set; }

    public int InFlight { get; private set; }

    public int Marked { get; private set; }

    /// <summary>When the chunk whose round trip is measured was sent (Karn: never one that was sent twice).</summary>
    public long SampleSentAt { get; private set; }

    public uint Add(int fragment, long now)
    {
        if (Count == _slots.Length)
        {
            Grow();
        }

        var tsn = NextTsn++;
        _slots[tsn & Mask] = new Slot { Fragment = fragment, State = OutstandingState.InFlight };
        BytesInFlight += buffer[fragment].Length;
        InFlight++;
        if (!_sampling)
        {
            _sampling = true;
            _sampleTsn = tsn;
            SampleSentAt = now;
        }

        return tsn;
    }

    /// <summary>The earliest chunk to be sent again.</summary>
    public bool TryPeekMarked(out uint tsn, out int fragment)
    {
        for (tsn = _markedFrom; Marked > 0 && tsn != NextTsn; tsn++)
        {
            ref var slot = ref _slots[tsn & Mask];
            if (slot.State == OutstandingState.Marked)
            {
                _markedFrom = tsn;
                fragment = slot.Fragment;
                return true;
            }
        }

        fragment = NodePool<Fragment>.None;
        return false;
    }

    public void Resent(uint tsn)
    {
        ref var slot = ref _slots[tsn & Mask];
        slot.State = OutstandingState.InFlight;
        Marked--;
        InFlight++;
        BytesInFlight += buffer[slot.Fragment].Length;
    }

    /// <summary>T3-rtx: everything in flight is taken for lost (section 6.3.3 E3).</summary>
    public void MarkAll()
    {
        for (var tsn = CumulativeAcknowledged + 1; tsn != NextTsn; tsn++)
        {
            ref var slot = ref _slots[tsn & Mask];
            slot.Misses = 0;
            if (slot.State == OutstandingState.InFlight)
            {
                Mark(tsn, ref slot);
            }
        }
    }

    public SackOutcome Process(in SackChunk sack, bool inFastRecovery)
    {
        var verdict = Judge(sack.CumulativeTsn);
        if (verdict != SackVerdict.Taken)
        {
            return new SackOutcome(verdict, 0, false, false, false, false);
        }

        var wasSampling = _sampling;
        var acknowledged = Advance(sack.CumulativeTsn, out var advanced);
        acknowledged += ProcessGaps(sack, out var highestNew, out var highestSeen);
        var sampled = wasSampling && !_sampling;

        // Section 7.2.4: count misses below the highest newly acknowledged TSN; in fast recovery, where the cumulative point moved, below all that are acknowledged.
        var limit = inFastRecovery && advanced ? highestSeen : highestNew;
        var marked = CountMisses(limit);
        return new SackOutcome(verdict, acknowledged, advanced, sampled, marked, marked && StateOf(CumulativeAcknowledged + 1) == OutstandingState.Marked);
    }

    /// <summary>The cumulative TSN of a SHUTDOWN (section 9.2).</summary>
    public SackOutcome ProcessCumulative(uint cumulativeTsn)
    {
        var verdict = Judge(cumulativeTsn);
        if (verdict != SackVerdict.Taken)
        {
            return new SackOutcome(verdict, 0, false, false, false, false);
        }

        var wasSampling = _sampling;
        var acknowledged = Advance(cumulativeTsn, out var advanced);
        return new SackOutcome(verdict, acknowledged, advanced, wasSampling && !_sampling, false, false);
    }

    public void Clear()
    {
        for (var tsn = CumulativeAcknowledged + 1; tsn != NextTsn; tsn++)
        {
            buffer.Release(_slots[tsn & Mask].Fragment);
        }

        CumulativeAcknowledged = NextTsn - 1;
        BytesInFlight = 0;
        InFlight = 0;
        Marked = 0;
    }

    private uint Mask => (uint)_slots.Length - 1;

    private SackVerdict Judge(uint cumulative) =>
        Serial.Less(cumulative, CumulativeAcknowledged) ? SackVerdict.Old
        : Serial.Less(cumulative, NextTsn) ? SackVerdict.Taken
        : SackVerdict.Impossible;

    private OutstandingState StateOf(uint tsn) => tsn == NextTsn ? OutstandingState.GapAcknowledged : _slots[tsn & Mask].State;

    private int Advance(uint cumulative, out bool advanced)
    {
        var acknowledged = 0;
        advanced = cumulative != CumulativeAcknowledged;
        for (var tsn = CumulativeAcknowledged + 1; Serial.Less(CumulativeAcknowledged, cumulative); tsn++)
        {
            ref var slot = ref _slots[tsn & Mask];
            acknowledged += Leave(tsn, ref slot);
            buffer.Release(slot.Fragment);
            CumulativeAcknowledged = tsn;
        }

        if (Serial.Less(_markedFrom, cumulative + 1))
        {
            _markedFrom = cumulative + 1;
        }

        if (Serial.Less(_highestGapAcknowledged, cumulative))
        {
            _highestGapAcknowledged = cumulative;
        }

        return acknowledged;
    }

    /// <summary>One pass over the TSNs that gap blocks speak of now or spoke of before; forged, unsorted or impossible blocks are passed over.</summary>
    private int ProcessGaps(in SackChunk sack, out uint highestNew, out uint highestSeen)
    {
        var acknowledged = 0;
        var tsn = CumulativeAcknowledged + 1;
        highestNew = CumulativeAcknowledged;
        highestSeen = CumulativeAcknowledged;
        for (var i = 0; i < sack.GapCount; i++)
        {
            var (startOffset, endOffset) = sack.Gap(i);
            var start = CumulativeAcknowledged + startOffset;
            var end = CumulativeAcknowledged + endOffset;
            if (endOffset < startOffset || Serial.Less(start, tsn) || !Serial.Less(end, NextTsn))
            {
                continue;
            }

            TakeBack(tsn, start);
            for (tsn = start; !Serial.Less(end, tsn); tsn++)
            {
                ref var slot = ref _slots[tsn & Mask];
                if (slot.State != OutstandingState.GapAcknowledged)
                {
                    acknowledged += Leave(tsn, ref slot);
                    slot.State = OutstandingState.GapAcknowledged;
                    highestNew = tsn;
                }
            }

            highestSeen = end;
        }

        TakeBack(tsn, _highestGapAcknowledged + 1);
        _highestGapAcknowledged = highestSeen;
        return acknowledged;
    }

    /// <summary>What a gap block acknowledged before and no longer does is in flight again (section 6.2.1, rule iii).</summary>
    private void TakeBack(uint from, uint end)
    {
        for (var tsn = from; Serial.Less(tsn, end); tsn++)
        {
            ref var slot = ref _slots[tsn & Mask];
            if (slot.State == OutstandingState.GapAcknowledged)
            {
                slot.State = OutstandingState.InFlight;
                InFlight++;
                BytesInFlight += buffer[slot.Fragment].Length;
            }
        }
    }

    /// <summary>Takes an acknowledged chunk out of the counters; the payload bytes that were not acknowledged before.</summary>
    private int Leave(uint tsn, ref Slot slot)
    {
        var length = buffer[slot.Fragment].Length;
        _sampling &= tsn != _sampleTsn;
        switch (slot.State)
        {
            case OutstandingState.InFlight:
                InFlight--;
                BytesInFlight -= length;
                return length;
            case OutstandingState.Marked:
                Marked--;
                return length;
            default:
                return 0;
        }
    }

    private bool CountMisses(uint limit)
    {
        var marked = false;
        for (var tsn = CumulativeAcknowledged + 1; Serial.Less(tsn, limit); tsn++)
        {
            ref var slot = ref _slots[tsn & Mask];
            if (slot.State != OutstandingState.InFlight || slot.FastRetransmitted)
            {
                continue;
            }

            if (++slot.Misses >= MissesBeforeRetransmit)
            {
                // Once only: a second loss is left to T3-rtx (section 7.2.4).
                slot.FastRetransmitted = true;
                Mark(tsn, ref slot);
                marked = true;
            }
        }

        return marked;
    }

    private void Mark(uint tsn, ref Slot slot)
    {
        slot.State = OutstandingState.Marked;
        InFlight--;
        Marked++;
        BytesInFlight -= buffer[slot.Fragment].Length;
        if (Serial.Less(tsn, _markedFrom) || Marked == 1)
        {
            _markedFrom = tsn;
        }

        if (_sampling && tsn == _sampleTsn)
        {
            _sampling = false;
            SampleSentAt = -1;
        }
    }

    private void Grow()
    {
        var bigger = new Slot[_slots.Length * 2];
        for (var tsn = CumulativeAcknowledged + 1; tsn != NextTsn; tsn++)
        {
            bigger[tsn & (uint)(bigger.Length - 1)] = _slots[tsn & Mask];
        }

        _slots = bigger;
    }

    private struct Slot
    {
        public int Fragment;
        public OutstandingState State;
        public byte Misses;
        public bool FastRetransmitted;
    }
}
