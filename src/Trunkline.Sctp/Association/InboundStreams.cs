namespace Trunkline.Sctp.Association;

/// <summary>Whose turn it is in each stream, and the messages that wait for theirs (RFC 9260 section 6.6).</summary>
internal sealed class InboundStreams
{
    private const int None = NodePool<ReceivedMessage>.None;
    private InboundStream[] _streams = [];

    public ref InboundStream this[ushort stream]
    {
        get
        {
            if (stream >= _streams.Length)
            {
                var before = _streams.Length;
                Array.Resize(ref _streams, Math.Max(stream + 1, before * 2));
                _streams.AsSpan(before).Fill(new InboundStream { First = None, Last = None });
            }

            return ref _streams[stream];
        }
    }

    /// <summary>Puts a complete message in its place. False where its turn has passed or is taken: the peer numbered two messages alike.</summary>
    public bool TryWait(NodePool<ReceivedMessage> messages, int message)
    {
        ref var queue = ref this[messages[message].Stream];
        var sequence = messages[message].Sequence;
        if (Serial.Less(sequence, queue.NextSequence))
        {
            return false;
        }

        if (queue.Last != None && Serial.Less(messages[queue.Last].Sequence, sequence))
        {
            messages[queue.Last].Next = message;
            queue.Last = message;
            return true;
        }

        var before = None;
        var after = queue.First;
        while (after != None && Serial.Less(messages[after].Sequence, sequence))
        {
            before = after;
            after = messages[after].Next;
        }

        if (after != None && messages[after].Sequence == sequence)
        {
            return false;
        }

        messages[message].Next = after;
        queue.Last = after == None ? message : queue.Last;
        if (before == None)
        {
            queue.First = message;
        }
        else
        {
            messages[before].Next = message;
        }

        return true;
    }

    /// <summary>Takes the message whose turn it is, and gives the turn to the next.</summary>
    public bool TryTakeNext(NodePool<ReceivedMessage> messages, ushort stream, out int message)
    {
        ref var queue = ref this[stream];
        message = queue.First;
        if (message == None || messages[message].Sequence != queue.NextSequence)
        {
            return false;
        }

        Unlink(messages, ref queue);
        queue.NextSequence++;
        return true;
    }

    /// <summary>Takes any waiting message, for clearing up.</summary>
    public bool TryTakeWaiting(NodePool<ReceivedMessage> messages, out int message)
    {
        foreach (ref var queue in _streams.AsSpan())
        {
            if (queue.First != None)
            {
                message = queue.First;
                Unlink(messages, ref queue);
                return true;
            }
        }

        message = None;
        return false;
    }

    private static void Unlink(NodePool<ReceivedMessage> messages, ref InboundStream queue)
    {
        queue.First = messages[queue.First].Next;
        queue.Last = queue.First == None ? None : queue.Last;
    }

    internal struct InboundStream
    {
        public int First;
        public int Last;
        public ushort NextSequence;
    }
}
