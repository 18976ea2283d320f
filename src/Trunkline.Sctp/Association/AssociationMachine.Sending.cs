using Trunkline.Sctp.Endpoint;
using Trunkline.Sctp.Wire;

namespace Trunkline.Sctp.Association;

internal sealed partial class AssociationMachine
{
    private bool _writerWaits;
    private bool _resendAtOnce;
    private bool _answerShutdown;
    private int _burstCredit;
    private long _retransmittedChunks;

    private bool CarriesOutboundData =>
        State is AssociationState.Established or AssociationState.ShutdownPending or AssociationState.ShutdownReceived;

    public SendStatus Send(ushort stream, uint payloadProtocolId, SendModes modes, ReadOnlySpan<byte> payload)
    {
        var refusal = Refuse(stream, payloadProtocolId, modes, payload.Length);
        if (refusal != SendStatus.Accepted)
        {
            _writerWaits |= refusal == SendStatus.WouldBlock;
            return refusal;
        }

        var had = _sendQueue.OpenStream;
        var taken = _sendQueue.TryAdd(
            stream,
            payloadProtocolId,
            (modes & SendModes.Unordered) != 0,
            (modes & SendModes.AcknowledgeAtOnce) != 0,
            (modes & SendModes.MoreFollows) != 0,
            payload,
            Path.DataSize);
        if (!taken)
        {
            _writerWaits = true;
            _host.WaitForMemory(this);
            return SendStatus.WouldBlock;
        }

        if (had >= 0 && _sendQueue.OpenStream < 0)
        {
            WakeWriter();
        }

        return SendStatus.Accepted;
    }

    /// <summary>The send pass: acknowledgement first, then what was lost, then what is new, then SHUTDOWN (section 6.1, 6.10).</summary>
    public void Transmit(long now)
    {
        if (HasEnded)
        {
            return;
        }

        var packet = default(PacketWriter);
        if (_sackNow && CarriesInboundData && _received is not null)
        {
            AddSack(ref packet);
        }

        if (CarriesOutboundData)
        {
            SendMarked(ref packet, now);
            SendNew(ref packet, now);
        }

        AdvanceShutdown(ref packet, now);
        Close(ref packet);
        _burstCredit = 0;
    }

    /// <summary>There is room again: tells a program that was refused.</summary>
    public void WakeWriter()
    {
        if (_writerWaits && TakesMessages && _sendBuffer.Charged <= Options.SendBuffer / 2)
        {
            _writerWaits = false;
            _host.Raise(this, EndpointEventKind.Writable);
        }
    }

    /// <summary>After the peer's SHUTDOWN nothing new is taken (section 9.2), but a message sent in parts may still be finished.</summary>
    private bool TakesMessages =>
        State == AssociationState.Established || (State == AssociationState.ShutdownReceived && _sendQueue.OpenStream >= 0);

    private SendStatus Refuse(ushort stream, uint payloadProtocolId, SendModes modes, int length)
    {
        var handshaking = State is AssociationState.CookieWait or AssociationState.CookieEchoed;
        if (HasEnded || _shutdownWanted || !(handshaking || TakesMessages))
        {
            return SendStatus.Closed;
        }

        if (length == 0)
        {
            return SendStatus.EmptyMessage;
        }

        // Before the handshake ends only stream 0 is sure to exist.
        if (stream >= (handshaking ? Options.OutboundStreams : Peer.OutboundStreams))
        {
            return SendStatus.InvalidStream;
        }

        if (handshaking && stream != 0)
        {
            return SendStatus.WouldBlock;
        }

        if (_sendQueue.OpenStream >= 0 && !_sendQueue.Continues(stream, (modes & SendModes.Unordered) != 0, payloadProtocolId))
        {
            // Fragments of two messages cannot interleave, and what queued behind the open one could take the room its parts need.
            return _sendQueue.OpenStream == stream ? SendStatus.MessageUnfinished : SendStatus.WouldBlock;
        }

        var cost = SendQueue.Cost(length, Path.DataSize);
        return cost > Options.SendBuffer && length > Options.SendBuffer / 2 ? SendStatus.MessageTooLarge
            : _sendBuffer.Charged > 0 && _sendBuffer.Charged + cost > Options.SendBuffer ? SendStatus.WouldBlock
            : SendStatus.Accepted;
    }

    private void SendMarked(ref PacketWriter packet, long now)
    {
        // After a fast retransmit one packet goes whatever the window says (section 7.2.4, rule 3).
        var free = _resendAtOnce;
        var wrote = false;
        _resendAtOnce = false;
        while (_outstanding.TryPeekMarked(out var tsn, out var index))
        {
            ref var fragment = ref _sendBuffer[index];
            var opensPacket = !packet.IsOpen || packet.Remaining < Padding.Up(DataChunk.HeaderSize + fragment.Length);
            free &= !(wrote && opensPacket);
            if (!free && !MaySend(fragment.Length))
            {
                break;
            }

            WriteData(ref packet, tsn, ref fragment);
            wrote = true;
            _outstanding.Resent(tsn);
            _retransmittedChunks++;
            _host.Counters.RetransmittedChunks++;
            Path.LastDataSentAt = now;
            StartT3(now);
        }
    }

    private void SendNew(ref PacketWriter packet, long now)
    {
        if (_sendQueue.IsEmpty || _outstanding.Marked > 0)
        {
            return;
        }

        if (_outstanding.BytesInFlight == 0)
        {
            Path.DecayIfIdle(now);
        }

        // Max.Burst (section 6.1 D): what was acknowledged in this burst may leave, and a few packets more.
        var allowance = _burstCredit + (Options.MaxBurst * Path.DataSize);
        while (_sendQueue.TryPeek(out var index))
        {
            ref var fragment = ref _sendBuffer[index];
            if (allowance <= 0 || !MaySend(fragment.Length))
            {
                break;
            }

            allowance -= fragment.Length;
            _sendQueue.Take(index);
            if (State == AssociationState.ShutdownPending && _sendQueue.IsEmpty)
            {
                // Nothing follows that would bring an acknowledgement sooner (section 3.3.1, I bit).
                fragment.Flags |= DataChunk.Immediate;
            }

            WriteData(ref packet, _outstanding.Add(index, now), ref fragment);
            Path.LastDataSentAt = now;
            StartT3(now);
        }
    }

    /// <summary>Section 6.1 A and B. One chunk may always be in flight: it probes a window that is closed.</summary>
    private bool MaySend(int length) =>
        _outstanding.BytesInFlight == 0
        || (_outstanding.BytesInFlight < Path.Congestion.Window && _outstanding.BytesInFlight + length <= _peerAdvertised);

    private void WriteData(ref PacketWriter packet, uint tsn, ref Fragment fragment)
    {
        var size = DataChunk.HeaderSize + fragment.Length;
        if (!packet.IsOpen && SackPending && CarriesInboundData)
        {
            AddSack(ref packet);
        }

        MakeRoom(ref packet, size);
        DataChunk.Write(
            ref packet, fragment.Flags, tsn, fragment.Stream, fragment.Sequence, fragment.PayloadProtocolId, _sendBuffer.Payload(fragment));
    }
}
