using Trunkline.Sctp.Endpoint;
using Trunkline.Sctp.Wire;

namespace Trunkline.Sctp.Association;

/// <summary>
/// Fragments wait in a ring by TSN, joined into runs: each end of a run knows the other, so that an arrival costs the same however long
/// the message is. A run from B to E is a message; it becomes readable at once (unordered), or at its turn in its stream.
/// </summary>
internal sealed class Reassembly(BlockPool blocks, int ringCapacity) : IReassembly
{
    /// <summary>What a chunk costs beside its block: its node and its place in the ring.</summary>
    public const int Overhead = 64;

    private const int None = NodePool<ReceivedChunk>.None;
    private const byte SameMessageMask = DataChunk.Unordered;
    private readonly NodePool<ReceivedChunk> _chunks = new();
    private readonly NodePool<ReceivedMessage> _messages = new();
    private readonly InboundStreams _streams = new();
    private ChunkRing? _ring;
    private int _readyFirst = None;
    private int _readyLast = None;
    private int _partial = None;
    private uint _partialNext;

    public int Charged { get; private set; }

    public bool HasReadable => _readyFirst != None && _messages[_readyFirst].First != None;

    private ChunkRing Ring => _ring ??= new ChunkRing(_chunks, ringCapacity);

    public ReassemblyVerdict Add(in DataChunk chunk)
    {
        if (!blocks.TryAllocate(chunk.Payload.Length, out var block))
        {
            return ReassemblyVerdict.NoMemory;
        }

        var index = _chunks.Rent();
        _chunks[index] = new ReceivedChunk
        {
            Block = block,
            Length = chunk.Payload.Length,
            Tsn = chunk.Tsn,
            PayloadProtocolId = chunk.PayloadProtocolId,
            Stream = chunk.Stream,
            Sequence = chunk.StreamSequence,
            Flags = chunk.Flags,
            OtherEnd = chunk.Tsn,
            Next = None,
        };
        Charged += BlockPool.SizeFor(chunk.Payload.Length) + Overhead;
        if (!Ring.TryAdd(chunk.Tsn, index))
        {
            Release(index);
            return ReassemblyVerdict.NoMemory;
        }

        chunk.Payload.CopyTo(blocks.Bytes(block, chunk.Payload.Length));
        return Join(index) ? ReassemblyVerdict.Held : ReassemblyVerdict.Contradiction;
    }

    public void DeliverPartially(uint cumulativeTsn)
    {
        var last = Ring.Find(cumulativeTsn);
        if (_partial != None || last == None)
        {
            return;
        }

        var start = _chunks[last].OtherEnd;
        ref var first = ref _chunks[Ring.Find(start)];
        var unordered = (first.Flags & DataChunk.Unordered) != 0;
        if ((first.Flags & DataChunk.Begin) == 0 || (!unordered && _streams[first.Stream].NextSequence != first.Sequence))
        {
            return;
        }

        _partial = TakeRun(start, cumulativeTsn);
        _partialNext = cumulativeTsn + 1;
        _messages[_partial].Complete = false;
        AppendReady(_partial);
    }

    public bool Read(Span<byte> destination, out ReceivedPart part)
    {
        part = default;
        if (!HasReadable)
        {
            return false;
        }

        ref var message = ref _messages[_readyFirst];
        var copied = 0;
        while (message.First != None && copied < destination.Length)
        {
            copied += CopyFrom(ref message, destination[copied..]);
        }

        var ended = message.First == None && message.Complete;
        part = new ReceivedPart(copied, message.Stream, message.PayloadProtocolId, message.Sequence, message.Unordered, ended);
        if (ended)
        {
            RemoveReady();
        }

        return true;
    }

    public void Clear()
    {
        while (_readyFirst != None)
        {
            ReleaseMessage(_readyFirst, out _readyFirst);
        }

        while (_streams.TryTakeWaiting(_messages, out var waiting))
        {
            ReleaseMessage(waiting, out _);
        }

        var cursor = 0;
        while (_ring is not null && _ring.TryTakeAny(ref cursor, out var chunk))
        {
            Release(chunk);
        }

        _readyLast = None;
        _partial = None;
    }

    /// <summary>Joins a new chunk with its neighbours, and delivers what that completes.</summary>
    private bool Join(int index)
    {
        ref var chunk = ref _chunks[index];
        var start = chunk.Tsn;
        var end = chunk.Tsn;
        var begins = (chunk.Flags & DataChunk.Begin) != 0;
        var ends = (chunk.Flags & DataChunk.End) != 0;
        var left = Ring.Find(chunk.Tsn - 1);
        var right = Ring.Find(chunk.Tsn + 1);
        if (left != None && !Fit(left, index, ref start))
        {
            return false;
        }

        if (right != None)
        {
            if (((_chunks[right].Flags & DataChunk.Begin) != 0) != ends || (!ends && !SameMessage(chunk, _chunks[right])))
            {
                return false;
            }

            end = ends ? end : _chunks[right].OtherEnd;
        }

        var continuesPartial = _partial != None && chunk.Tsn == _partialNext;
        if (continuesPartial && (begins || !ContinuesPartial(chunk)))
        {
            return false;
        }

        _chunks[Ring.Find(start)].OtherEnd = end;
        _chunks[Ring.Find(end)].OtherEnd = start;
        return Deliver(start, end);
    }

    private bool Fit(int left, int index, ref uint start)
    {
        ref var before = ref _chunks[left];
        ref var chunk = ref _chunks[index];
        var begins = (chunk.Flags & DataChunk.Begin) != 0;
        if (((before.Flags & DataChunk.End) != 0) != begins || (!begins && !SameMessage(before, chunk)))
        {
            return false;
        }

        start = begins ? start : before.OtherEnd;
        return true;
    }

    private static bool SameMessage(in ReceivedChunk left, in ReceivedChunk right) =>
        left.Stream == right.Stream
        && ((left.Flags ^ right.Flags) & SameMessageMask) == 0
        && ((left.Flags & DataChunk.Unordered) != 0 || left.Sequence == right.Sequence);

    private bool ContinuesPartial(in ReceivedChunk chunk)
    {
        ref var message = ref _messages[_partial];
        var unordered = (chunk.Flags & DataChunk.Unordered) != 0;
        return message.Stream == chunk.Stream && message.Unordered == unordered && (unordered || message.Sequence == chunk.Sequence);
    }

    private bool Deliver(uint start, uint end)
    {
        if (_partial != None && start == _partialNext)
        {
            return ContinuePartial(start, end);
        }

        var complete = (_chunks[Ring.Find(start)].Flags & DataChunk.Begin) != 0 && (_chunks[Ring.Find(end)].Flags & DataChunk.End) != 0;
        if (!complete)
        {
            return true;
        }

        var message = TakeRun(start, end);
        if (_messages[message].Unordered)
        {
            AppendReady(message);
            return true;
        }

        if (!_streams.TryWait(_messages, message))
        {
            ReleaseMessage(message, out _);
            return false;
        }

        ReleaseTurns(_messages[message].Stream);
        return true;
    }

    private bool ContinuePartial(uint start, uint end)
    {
        var ended = (_chunks[Ring.Find(end)].Flags & DataChunk.End) != 0;
        var rest = TakeRun(start, end);
        ref var message = ref _messages[_partial];
        if (message.First == None)
        {
            message.First = _messages[rest].First;
        }
        else
        {
            _chunks[message.Last].Next = _messages[rest].First;
        }

        message.Last = _messages[rest].Last;
        _messages.Return(rest);
        _partialNext = end + 1;
        if (ended)
        {
            message.Complete = true;
            _partial = None;
            if (!message.Unordered)
            {
                _streams[message.Stream].NextSequence++;
                ReleaseTurns(message.Stream);
            }
        }

        return true;
    }

    private void ReleaseTurns(ushort stream)
    {
        // A partially read message holds its stream's turn until its end.
        while (!(_partial != None && !_messages[_partial].Unordered && _messages[_partial].Stream == stream)
               && _streams.TryTakeNext(_messages, stream, out var message))
        {
            AppendReady(message);
        }
    }

    /// <summary>Takes a run out of the ring as a message.</summary>
    private int TakeRun(uint start, uint end)
    {
        var message = _messages.Rent();
        var first = Ring.Find(start);
        var last = first;
        Ring.Remove(start);
        for (var tsn = start; tsn != end;)
        {
            var next = Ring.Find(++tsn);
            Ring.Remove(tsn);
            _chunks[last].Next = next;
            last = next;
        }

        ref var chunk = ref _chunks[first];
        _messages[message] = new ReceivedMessage
        {
            First = first,
            Last = last,
            PayloadProtocolId = chunk.PayloadProtocolId,
            Stream = chunk.Stream,
            Sequence = chunk.Sequence,
            Unordered = (chunk.Flags & DataChunk.Unordered) != 0,
            Complete = true,
            Next = None,
        };
        return message;
    }

    private int CopyFrom(ref ReceivedMessage message, Span<byte> destination)
    {
        ref var chunk = ref _chunks[message.First];
        var source = blocks.Bytes(chunk.Block, chunk.Length)[chunk.Offset..];
        var length = Math.Min(source.Length, destination.Length);
        source[..length].CopyTo(destination);
        chunk.Offset += length;
        if (chunk.Offset == chunk.Length)
        {
            var done = message.First;
            message.First = chunk.Next;
            Release(done);
        }

        return length;
    }

    private void AppendReady(int message)
    {
        _messages[message].Next = None;
        if (_readyFirst == None)
        {
            _readyFirst = message;
        }
        else
        {
            _messages[_readyLast].Next = message;
        }

        _readyLast = message;
    }

    private void RemoveReady()
    {
        var done = _readyFirst;
        _readyFirst = _messages[done].Next;
        _messages.Return(done);
    }

    private void Release(int chunk)
    {
        Charged -= BlockPool.SizeFor(_chunks[chunk].Length) + Overhead;
        blocks.Free(_chunks[chunk].Block);
        _chunks.Return(chunk);
    }

    private void ReleaseMessage(int message, out int next)
    {
        next = _messages[message].Next;
        for (var chunk = _messages[message].First; chunk != None;)
        {
            var following = _chunks[chunk].Next;
            Release(chunk);
            chunk = following;
        }

        _messages.Return(message);
    }
}
