using Trunkline.Sctp.Wire;

namespace Trunkline.Sctp.Association;

/// <summary>Messages cut into DATA chunks and not yet given a TSN, a queue a stream.</summary>
internal sealed class SendQueue(SendBuffer buffer, IStreamScheduler scheduler)
{
    private const int None = NodePool<Fragment>.None;
    private Stream[] _streams = [];
    private int _openStream = None;
    private byte _openFlags;
    private uint _openPayloadProtocolId;

    /// <summary>Payload bytes that wait.</summary>
    public long PendingBytes { get; private set; }

    public bool IsEmpty => PendingBytes == 0;

    /// <summary>The stream whose message has further parts to come, or -1.</summary>
    public int OpenStream => _openStream;

    public bool Continues(ushort stream, bool unordered, uint payloadProtocolId) =>
        _openStream == stream && unordered == ((_openFlags & DataChunk.Unordered) != 0) && payloadProtocolId == _openPayloadProtocolId;

    /// <summary>What a message cut into pieces of this size costs.</summary>
    public static int Cost(int length, int pieceSize)
    {
        var whole = length / pieceSize;
        var rest = length % pieceSize;
        return (whole * SendBuffer.Cost(pieceSize)) + (rest == 0 ? 0 : SendBuffer.Cost(rest));
    }

    /// <summary>Cuts and queues a message or a part of one. False where memory ran out: then nothing was taken.</summary>
    public bool TryAdd(ushort stream, uint payloadProtocolId, bool unordered, bool immediate, bool more, ReadOnlySpan<byte> payload, int pieceSize)
    {
        if (!TryCut(payload, pieceSize, out var first, out var last))
        {
            return false;
        }

        ref var queue = ref StreamFor(stream);
        var begins = _openStream == None;
        var common = (byte)((unordered ? DataChunk.Unordered : 0) | (immediate ? DataChunk.Immediate : 0));
        for (var index = first; index != None; index = buffer[index].Next)
        {
            ref var fragment = ref buffer[index];
            fragment.Stream = stream;
            fragment.Sequence = unordered ? (ushort)0 : queue.NextSequence;
            fragment.PayloadProtocolId = payloadProtocolId;
            fragment.Flags = (byte)(common | (begins && index == first ? DataChunk.Begin : 0) | (!more && index == last ? DataChunk.End : 0));
        }

        _openStream = more ? stream : None;
        _openFlags = common;
        _openPayloadProtocolId = payloadProtocolId;
        if (!more && !unordered)
        {
            queue.NextSequence++;
        }

        Append(ref queue, stream, first, last);
        PendingBytes += payload.Length;
        return true;
    }

    /// <summary>The fragment that would be sent next.</summary>
    public bool TryPeek(out int fragment)
    {
        fragment = None;
        if (PendingBytes > 0 && scheduler.TryPeek(out var stream))
        {
            fragment = _streams[stream].First;
        }

        return fragment != None;
    }

    /// <summary>Takes the peeked fragment out.</summary>
    public void Take(int index)
    {
        ref var fragment = ref buffer[index];
        ref var queue = ref _streams[fragment.Stream];
        queue.First = fragment.Next;
        fragment.Next = None;
        PendingBytes -= fragment.Length;
        if ((fragment.Flags & DataChunk.End) != 0)
        {
            queue.Active = queue.First != None;
            scheduler.MessageTaken(queue.Active);
        }
    }

    public void Clear()
    {
        foreach (ref var queue in _streams.AsSpan())
        {
            for (var index = queue.First; index != None;)
            {
                var next = buffer[index].Next;
                buffer.Release(index);
                index = next;
            }

            queue.First = None;
        }

        PendingBytes = 0;
        _openStream = None;
    }

    private bool TryCut(ReadOnlySpan<byte> payload, int pieceSize, out int first, out int last)
    {
        first = None;
        last = None;
        while (!payload.IsEmpty)
        {
            var piece = payload[..Math.Min(pieceSize, payload.Length)];
            if (!buffer.TryAdd(piece, out var index))
            {
                ReleaseChain(first);
                return false;
            }

            if (first == None)
            {
                first = index;
            }
            else
            {
                buffer[last].Next = index;
            }

            last = index;
            payload = payload[piece.Length..];
        }

        return true;
    }

    private void ReleaseChain(int index)
    {
        while (index != None)
        {
            var next = buffer[index].Next;
            buffer.Release(index);
            index = next;
        }
    }

    private void Append(ref Stream queue, ushort stream, int first, int last)
    {
        if (queue.First == None)
        {
            queue.First = first;
        }
        else
        {
            buffer[queue.Last].Next = first;
        }

        queue.Last = last;
        if (!queue.Active)
        {
            queue.Active = true;
            scheduler.Activate(stream);
        }
    }

    private ref Stream StreamFor(ushort stream)
    {
        if (stream >= _streams.Length)
        {
            var before = _streams.Length;
            Array.Resize(ref _streams, Math.Max(stream + 1, before * 2));
            _streams.AsSpan(before).Fill(new Stream { First = None, Last = None });
        }

        return ref _streams[stream];
    }

    private struct Stream
    {
        public int First;
        public int Last;
        public ushort NextSequence;
        public bool Active;
    }
}
