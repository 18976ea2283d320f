using Trunkline.Sctp.Association;
using Trunkline.Sctp.Wire;

namespace Trunkline.Sctp.Endpoint;

/// <summary>Demultiplexing, and packets that belong to nobody (RFC 9260 section 8.4).</summary>
public sealed partial class SctpEndpoint
{
    /// <summary>A packet from the network. Never throws, whatever the bytes.</summary>
    public void Receive(in SctpDatagram datagram, long now)
    {
        Counters.PacketsReceived++;
        if (!datagram.Source.IsUnicast || !datagram.Destination.IsUnicast)
        {
            Counters.NotUnicast++;
            return;
        }

        var packet = datagram.Packet;
        if (packet.Length < CommonHeader.Size + Chunk.HeaderSize)
        {
            Counters.Malformed++;
            return;
        }

        if (!Crc32c.Verify(packet))
        {
            Counters.BadChecksum++;
            return;
        }

        var header = CommonHeader.Read(packet);
        var rest = new ChunkReader(packet[CommonHeader.Size..]);
        if (header.SourcePort == 0 || header.DestinationPort == 0 || !rest.TryRead(out var first))
        {
            Counters.Malformed++;
            return;
        }

        var key = new AssociationKey(datagram.Destination, header.DestinationPort, datagram.Source, header.SourcePort);
        _byKey.TryGetValue(key, out var association);
        switch (first.Type)
        {
            case ChunkType.Init:
                OnInit(key, header, first, rest.AtEnd, association, now);
                break;
            case ChunkType.CookieEcho:
                OnCookieEcho(key, header, first, ref rest, association, now);
                break;
            default:
                Dispatch(key, header, packet, first, association, now);
                break;
        }
    }

    private void Dispatch(
        in AssociationKey key, in CommonHeader header, ReadOnlySpan<byte> packet, in Chunk first, AssociationMachine? association, long now)
    {
        var chunks = new ChunkReader(packet[CommonHeader.Size..]);
        if (association is null)
        {
            OnStray(key, header, chunks);
            return;
        }

        if (first.Type == ChunkType.ShutdownAck && association.State is AssociationState.CookieWait or AssociationState.CookieEchoed)
        {
            // Left over from an association before this one (sections 8.5.1 E, 9.2).
            Counters.OutOfTheBlue++;
            Reply(key, header.VerificationTag, ChunkType.ShutdownComplete, Chunk.ReflectedTag);
            return;
        }

        Touch(association);
        association.Receive(ref chunks, header.VerificationTag, now);
    }

    /// <summary>A packet of no association: what it holds decides whether it is answered (section 8.4, rules 2 to 8).</summary>
    private void OnStray(in AssociationKey key, in CommonHeader header, ChunkReader chunks)
    {
        Counters.OutOfTheBlue++;
        if (_byTag.TryGetValue(header.VerificationTag, out var known)
            && known.Key.LocalPort == key.LocalPort && known.Key.PeerPort == key.PeerPort)
        {
            // Another address of a multihomed peer. We use one path only, and an ABORT would kill the good association.
            return;
        }

        var asksForComplete = false;
        while (chunks.TryRead(out var chunk))
        {
            var silent = chunk.Type is ChunkType.Abort or ChunkType.ShutdownComplete or ChunkType.CookieAck
                || (chunk.Type == ChunkType.Error && IsStaleCookie(chunk));
            if (silent)
            {
                return;
            }

            asksForComplete |= chunk.Type == ChunkType.ShutdownAck;
        }

        if (chunks.Malformed)
        {
            Counters.Malformed++;
        }
        else
        {
            Counters.AbortsSent += asksForComplete ? 0 : 1;
            Reply(key, header.VerificationTag, asksForComplete ? ChunkType.ShutdownComplete : ChunkType.Abort, Chunk.ReflectedTag);
        }
    }

    private static bool IsStaleCookie(in Chunk error)
    {
        var causes = new TlvReader(error.Value);
        while (causes.TryRead(out var cause))
        {
            if ((CauseCode)cause.Type == CauseCode.StaleCookie)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Answers a packet with one empty chunk, from no association.</summary>
    private void Reply(in AssociationKey key, uint tag, ChunkType type, byte flags)
    {
        var packet = OpenReply(key, tag, CommonHeader.Size + Chunk.HeaderSize);
        packet.AddChunk(type, flags, 0);
        CloseReply(key, packet);
    }

    private void ReplyCause(in AssociationKey key, uint tag, ChunkType type, CauseCode cause, ReadOnlySpan<byte> information)
    {
        Counters.AbortsSent += type == ChunkType.Abort ? 1 : 0;
        var packet = OpenReply(key, tag, CommonHeader.Size + Chunk.HeaderSize + TlvReader.HeaderSize + Padding.Up(information.Length));
        packet.AddCause(type, 0, cause, information);
        CloseReply(key, packet);
    }

    private PacketWriter OpenReply(in AssociationKey key, uint tag, int size) =>
        new(Output.Reserve(size).Span, key.LocalPort, key.PeerPort, tag);

    private void CloseReply(in AssociationKey key, in PacketWriter packet)
    {
        packet.Finish();
        Output.Commit(packet.Length, key.Local, key.Peer, dontFragment: true);
        Counters.PacketsSent++;
    }
}
