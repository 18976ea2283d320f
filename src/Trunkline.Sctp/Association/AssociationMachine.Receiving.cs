using Trunkline.Sctp.Endpoint;
using Trunkline.Sctp.Wire;

namespace Trunkline.Sctp.Association;

internal sealed partial class AssociationMachine
{
    private bool CarriesInboundData =>
        State is AssociationState.Established or AssociationState.ShutdownPending or AssociationState.ShutdownSent;

    /// <summary>The chunks of a packet from this peer's address and port.</summary>
    public void Receive(ref ChunkReader chunks, uint tag, long now)
    {
        var sawData = false;
        while (!HasEnded && chunks.TryRead(out var chunk))
        {
            if (chunk.Type == ChunkType.Data && !sawData)
            {
                BeginData();
                sawData = true;
            }

            if (!Take(chunk, tag, now))
            {
                break;
            }
        }

        if (chunks.Malformed)
        {
            _host.Counters.Malformed++;
        }

        if (sawData && !HasEnded)
        {
            EndData(now);
        }
    }

    /// <summary>Handles one chunk; false where the rest of the packet is to be dropped.</summary>
    private bool Take(in Chunk chunk, uint tag, long now)
    {
        if (!TagFits(chunk, tag))
        {
            _host.Counters.BadVerificationTag++;
            return false;
        }

        switch (chunk.Type)
        {
            case ChunkType.Data:
                return OnData(chunk);
            case ChunkType.Sack:
                OnSack(chunk, now);
                return true;
            case ChunkType.Heartbeat:
                OnHeartbeat(chunk);
                return true;
            case ChunkType.HeartbeatAck:
                OnHeartbeatAck(chunk, now);
                return true;
            case ChunkType.InitAck:
                OnInitAck(chunk, now);
                return true;
            case ChunkType.CookieAck:
                OnCookieAck(now);
                return true;
            case ChunkType.Abort:
                OnAbort(chunk);
                return false;
            case ChunkType.Error:
                OnError(chunk, now);
                return true;
            case ChunkType.Shutdown:
                OnShutdown(chunk, now);
                return true;
            case ChunkType.ShutdownAck:
                OnShutdownAck();
                return true;
            case ChunkType.ShutdownComplete:
                OnShutdownComplete();
                return false;
            case ChunkType.Init or ChunkType.CookieEcho:
                // INIT stands alone and COOKIE ECHO first (sections 3.3.2, 5.1); the endpoint took those that do.
                _host.Counters.UnexpectedChunk++;
                return false;
            default:
                return OnUnknown(chunk);
        }
    }

    /// <summary>ABORT and SHUTDOWN COMPLETE may carry the tag we send with, and say so in the T bit; all else carries ours (section 8.5.1).</summary>
    private bool TagFits(in Chunk chunk, uint tag) =>
        chunk.Type is ChunkType.Abort or ChunkType.ShutdownComplete && chunk.HasReflectedTag
            ? tag == Peer.Tag && tag != 0
            : tag == LocalTag;

    /// <summary>The two highest bits say what to do with a chunk nobody knows (section 3.2).</summary>
    private bool OnUnknown(in Chunk chunk)
    {
        _host.Counters.UnknownChunk++;
        if (((byte)chunk.Type & 0x40) != 0 && Peer.Tag != 0)
        {
            SendCause(ChunkType.Error, CauseCode.UnrecognizedChunk, chunk.Whole);
        }

        return ((byte)chunk.Type & 0x80) != 0;
    }

    private void OnError(in Chunk chunk, long now)
    {
        var causes = new TlvReader(chunk.Value);
        while (!HasEnded && causes.TryRead(out var cause))
        {
            if ((CauseCode)cause.Type == CauseCode.StaleCookie)
            {
                OnStaleCookie(now);
            }
        }
    }

    private void OnHeartbeat(in Chunk chunk)
    {
        // Section 8.3: the information comes back as it came; before COOKIE ACK there is nobody to answer as.
        if (State is AssociationState.CookieWait or AssociationState.CookieEchoed)
        {
            return;
        }

        SendAlone(ChunkType.HeartbeatAck, 0, chunk.Value);
    }

    private void OnAbort(in Chunk chunk)
    {
        _host.Counters.AbortsReceived++;
        if (State == AssociationState.ShutdownAckSent && chunk.HasReflectedTag)
        {
            // The peer knows the association no more: it got our SHUTDOWN ACK, and its SHUTDOWN COMPLETE is lost or late. Everything
            // was acknowledged both ways before we came here, so this is the orderly end.
            End(null);
            return;
        }

        var cause = CauseCode.None;
        var text = "";
        var causes = new TlvReader(chunk.Value);
        if (causes.TryRead(out var first))
        {
            cause = (CauseCode)first.Type;
            text = cause == CauseCode.UserInitiatedAbort ? CauseText.Printable(first.Value) : "";
        }

        var refused = State is AssociationState.CookieWait or AssociationState.CookieEchoed;
        var detail = (refused ? "the peer refused with ABORT" : "the peer sent ABORT") + CauseText.Describe(cause, text);
        Fail(new AssociationFailure(refused ? FailureReason.Refused : FailureReason.PeerAborted, (int)cause, Key.Peer, detail));
    }
}
