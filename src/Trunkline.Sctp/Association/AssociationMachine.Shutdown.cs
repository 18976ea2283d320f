using System.Buffers.Binary;
using Trunkline.Sctp.Endpoint;
using Trunkline.Sctp.Wire;

namespace Trunkline.Sctp.Association;

internal sealed partial class AssociationMachine
{
    private int _shutdownSends;

    /// <summary>The program's SHUTDOWN (section 9.2). What is queued is sent first.</summary>
    public bool Shutdown()
    {
        if (HasEnded || _sendQueue.OpenStream >= 0)
        {
            return false;
        }

        if (!_shutdownWanted && State == AssociationState.Established)
        {
            State = AssociationState.ShutdownPending;
        }

        _shutdownWanted = true;
        return true;
    }

    /// <summary>Takes the next step of the sequence once nothing is left to send.</summary>
    private void AdvanceShutdown(ref PacketWriter packet, long now)
    {
        if (_answerShutdown && State == AssociationState.ShutdownSent)
        {
            AddShutdown(ref packet, now);
        }

        _answerShutdown = false;
        if (!_sendQueue.IsEmpty || !_outstanding.IsEmpty || _sendQueue.OpenStream >= 0)
        {
            return;
        }

        if (State == AssociationState.ShutdownPending)
        {
            State = AssociationState.ShutdownSent;
            _timers.T5Guard = now + Options.ShutdownGuard;
            if (SackPending)
            {
                AddSack(ref packet);
            }

            AddShutdown(ref packet, now);
        }
        else if (State == AssociationState.ShutdownReceived)
        {
            State = AssociationState.ShutdownAckSent;
            AddShutdownAck(ref packet, now);
        }
    }

    private void AddShutdown(ref PacketWriter packet, long now)
    {
        MakeRoom(ref packet, 8);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AddChunk(ChunkType.Shutdown, 0, 4), _received!.Cumulative);
        _timers.SackDelay = Timers.Never;
        _timers.T2Shutdown = now + Path.Rto;
    }

    private void AddShutdownAck(ref PacketWriter packet, long now)
    {
        MakeRoom(ref packet, Chunk.HeaderSize);
        packet.AddChunk(ChunkType.ShutdownAck, 0, 0);
        _timers.T2Shutdown = now + Path.Rto;
    }

    /// <summary>
    /// SHUTDOWN SENT: data that still arrives is answered with SHUTDOWN at once (section 9.2). A SACK goes with it, as SHUTDOWN tells
    /// neither gaps nor the window.
    /// </summary>
    private void AnswerDataInShutdown()
    {
        _answerShutdown = true;
        _sackNow = true;

        // The peer lives and still sends.
        _shutdownSends = 0;
    }

    private void OnShutdown(in Chunk chunk, long now)
    {
        if (chunk.Value.Length < 4)
        {
            _host.Counters.Malformed++;
            return;
        }

        switch (State)
        {
            case AssociationState.Established or AssociationState.ShutdownPending or AssociationState.ShutdownReceived:
                var flightBefore = _outstanding.BytesInFlight;
                var outcome = _outstanding.ProcessCumulative(BinaryPrimitives.ReadUInt32BigEndian(chunk.Value));
                Apply(outcome, flightBefore, now);
                EnterShutdownReceived();
                break;
            case AssociationState.ShutdownSent:
                // Both sides began at once.
                NotePeerShutdown();
                State = AssociationState.ShutdownAckSent;
                _shutdownSends = 0;
                var packet = default(PacketWriter);
                AddShutdownAck(ref packet, now);
                Close(ref packet);
                break;
            default:
                _host.Counters.UnexpectedChunk++;
                break;
        }
    }

    private void EnterShutdownReceived()
    {
        if (HasEnded || State == AssociationState.ShutdownReceived)
        {
            return;
        }

        State = AssociationState.ShutdownReceived;
        _timers.SackDelay = Timers.Never;
        _sackNow = false;
        NotePeerShutdown();
    }

    private void NotePeerShutdown()
    {
        if (!_peerHasShutDown)
        {
            _peerHasShutDown = true;
            _host.Raise(this, EndpointEventKind.PeerShutdown);
        }
    }

    private void OnShutdownAck()
    {
        switch (State)
        {
            case AssociationState.ShutdownSent or AssociationState.ShutdownAckSent:
                SendAlone(ChunkType.ShutdownComplete, 0, default);
                End(null);
                break;
            default:
                _host.Counters.UnexpectedChunk++;
                break;
        }
    }

    private void OnShutdownComplete()
    {
        if (State == AssociationState.ShutdownAckSent)
        {
            End(null);
        }
        else
        {
            _host.Counters.UnexpectedChunk++;
        }
    }

    private void OnT2(long now)
    {
        if (++_shutdownSends > Options.AssociationMaxRetransmissions)
        {
            Fail(new AssociationFailure(FailureReason.ShutdownTimeout, 0, _softReporter, $"no answer to {State} after {_shutdownSends} tries"));
            return;
        }

        Path.BackOff();
        var packet = default(PacketWriter);
        if (State == AssociationState.ShutdownSent)
        {
            AddShutdown(ref packet, now);
        }
        else if (State == AssociationState.ShutdownAckSent)
        {
            AddShutdownAck(ref packet, now);
        }

        Close(ref packet);
    }

    private void OnT5()
    {
        SendCause(ChunkType.Abort, CauseCode.UserInitiatedAbort, "shutdown guard expired"u8);
        _host.Counters.AbortsSent++;
        Fail(new AssociationFailure(FailureReason.ShutdownTimeout, 0, default, "the shutdown did not end in its guard time (T5)"));
    }
}
