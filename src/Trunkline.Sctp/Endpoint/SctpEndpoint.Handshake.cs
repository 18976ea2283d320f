using System.Buffers.Binary;
using Trunkline.Sctp.Association;
using Trunkline.Sctp.Wire;

namespace Trunkline.Sctp.Endpoint;

/// <summary>INIT and COOKIE ECHO: the half of the handshake that keeps no state (RFC 9260 sections 5.1, 5.2).</summary>
public sealed partial class SctpEndpoint
{
    private void OnInit(in AssociationKey key, in CommonHeader header, in Chunk chunk, bool alone, AssociationMachine? existing, long now)
    {
        // INIT stands alone and has tag 0 (sections 3.3.2, 8.5.1 A); a tag of 0 for us to send with could not be told from "none".
        if (!alone || header.VerificationTag != 0 || !InitChunk.TryRead(chunk, out var init) || init.InitiateTag == 0)
        {
            Counters.Malformed++;
            return;
        }

        _listeners.TryFind(key.Local, key.LocalPort, out var listener);
        if (existing is null && listener is null)
        {
            // A closed port (section 8.4, rule 3): the peer knows this tag as its own, so no T bit.
            Counters.OutOfTheBlue++;
            Counters.AbortsSent++;
            Reply(key, init.InitiateTag, ChunkType.Abort, 0);
            return;
        }

        if (existing?.State == AssociationState.ShutdownAckSent)
        {
            existing.RepeatShutdownAck();
            return;
        }

        if (existing is null && listener!.IsFull)
        {
            Counters.RefusedForLimit++;
            return;
        }

        var parameters = new InitParameters(init.Parameters);
        if (!init.IsAcceptable || !parameters.IsUsable)
        {
            var cause = parameters.HasHostName ? CauseCode.UnresolvableAddress : CauseCode.InvalidMandatoryParameter;
            ReplyCause(key, init.InitiateTag, ChunkType.Abort, cause, default);
            return;
        }

        AnswerInit(key, init, parameters, existing, existing?.Options ?? listener!.Options.Association, now);
    }

    private void AnswerInit(
        in AssociationKey key, in InitChunk init, in InitParameters parameters, AssociationMachine? existing, AssociationOptions options, long now)
    {
        // Sections 5.2.1 and 5.2.2: both sides opening keep the tag of our INIT; a restart gets a new one, tied to the old pair.
        var opening = existing?.State is AssociationState.CookieWait or AssociationState.CookieEchoed;
        var tied = existing is not null && existing.State != AssociationState.CookieWait;
        var cookie = new StateCookie
        {
            Key = key,
            LocalTag = opening ? existing!.LocalTag : NewTag(),
            LocalTsn = opening ? existing!.InitialTsn : RandomNumber(),
            Peer = new PeerParameters(
                init.InitiateTag,
                init.InitialTsn,
                init.ReceiveWindow,
                Math.Min(options.OutboundStreams, init.InboundStreams),
                Math.Min(init.OutboundStreams, options.MaxInboundStreams)),
            TieLocalTag = tied ? existing!.LocalTag : 0,
            TiePeerTag = tied ? existing!.Peer.Tag : 0,
            Expires = now + Options.CookieLife + Math.Min(parameters.CookieLifeIncrement, Options.CookieLife),
        };

        // The padding of the last parameter is the chunk's own and not counted (section 3.2).
        var reported = parameters.Unrecognized.Length == 0 ? 0 : TlvReader.HeaderSize + parameters.Unrecognized.Length;
        var length = TlvReader.HeaderSize + CookieSealer.SealedSize + reported;
        var packet = OpenReply(key, init.InitiateTag, CommonHeader.Size + Chunk.HeaderSize + InitChunk.FixedSize + Padding.Up(length));
        var room = InitChunk.Write(
            ref packet, ChunkType.InitAck, cookie.LocalTag, (uint)options.ReceiveBuffer, options.OutboundStreams, options.MaxInboundStreams, cookie.LocalTsn, length);
        Span<byte> sealedCookie = stackalloc byte[CookieSealer.SealedSize];
        _cookies.Seal(cookie, sealedCookie);
        var written = Tlv.Write(room, (ushort)ParameterType.StateCookie, sealedCookie);
        if (reported > 0)
        {
            Tlv.Write(room[written..], (ushort)ParameterType.Unrecognized, parameters.Unrecognized);
        }

        CloseReply(key, packet);
    }

    private void OnCookieEcho(
        in AssociationKey key, in CommonHeader header, in Chunk chunk, ref ChunkReader rest, AssociationMachine? existing, long now)
    {
        if (!_cookies.TryOpen(chunk.Value, out var cookie) || cookie.Key != key || cookie.LocalTag != header.VerificationTag)
        {
            Counters.BadCookie++;
            return;
        }

        var samePair = existing is not null && existing.LocalTag == cookie.LocalTag && existing.Peer.Tag == cookie.Peer.Tag;
        if (now > cookie.Expires && !samePair)
        {
            Counters.StaleCookie++;
            Span<byte> staleness = stackalloc byte[4];
            BinaryPrimitives.WriteUInt32BigEndian(staleness, (uint)Math.Min(now - cookie.Expires, uint.MaxValue));
            ReplyCause(key, cookie.Peer.Tag, ChunkType.Error, CauseCode.StaleCookie, staleness);
            return;
        }

        var association = existing is null ? AcceptNew(cookie, now) : Reconcile(existing, cookie, now);
        if (association is not null)
        {
            Touch(association);
            association.Receive(ref rest, header.VerificationTag, now);
        }
    }

    /// <summary>The table of section 5.2.4: a cookie for addresses and ports that have an association.</summary>
    private AssociationMachine? Reconcile(AssociationMachine existing, in StateCookie cookie, long now)
    {
        var localMatches = existing.LocalTag == cookie.LocalTag;
        var peerMatches = existing.Peer.Tag == cookie.Peer.Tag;
        if (localMatches)
        {
            if (peerMatches)
            {
                existing.RepeatCookieAck(cookie.Peer, now);
            }
            else
            {
                existing.Collide(cookie.Peer, now);
            }

            return existing;
        }

        var tied = cookie.TieLocalTag == existing.LocalTag && cookie.TiePeerTag == existing.Peer.Tag;
        if (peerMatches || !tied)
        {
            // Case C, a cookie that came late, and pairs that fit no row: dropped in silence.
            Counters.BadCookie++;
            return null;
        }

        if (existing.State == AssociationState.ShutdownAckSent)
        {
            existing.RefuseRestart(cookie.Peer.Tag);
            return null;
        }

        // Case A. A program must not take a new peer's messages for the old one's, so the old association ends and a new one is accepted.
        existing.Replace();
        return AcceptNew(cookie, now);
    }

    private AssociationMachine? AcceptNew(in StateCookie cookie, long now)
    {
        if (!_listeners.TryFind(cookie.Key.Local, cookie.Key.LocalPort, out var listener))
        {
            Counters.OutOfTheBlue++;
            Counters.AbortsSent++;
            Reply(cookie.Key, cookie.Peer.Tag, ChunkType.Abort, 0);
            return null;
        }

        if (listener.IsFull || _byTag.ContainsKey(cookie.LocalTag))
        {
            // Dropped: the peer sends its cookie again, and by then there may be room.
            Counters.RefusedForLimit++;
            return null;
        }

        if (_associations.Count >= Options.MaxAssociations)
        {
            Counters.RefusedForLimit++;
            ReplyCause(cookie.Key, cookie.Peer.Tag, ChunkType.Abort, CauseCode.OutOfResource, default);
            return null;
        }

        var association = new AssociationMachine(
            _host, NewAssociationId(), cookie.Key, listener.Options.Association, listener.Id, cookie.LocalTag, cookie.LocalTsn)
        { InBacklog = true };
        listener.Pending++;
        Add(association);
        association.Accept(cookie.Peer, now);
        return association;
    }
}
