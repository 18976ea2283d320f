using System.Buffers.Binary;
using Trunkline.Sctp.Association;
using Trunkline.Sctp.Wire;

namespace Trunkline.Sctp.Endpoint;

/// <summary>ICMP errors (RFC 9260 section 10): believed only where they quote a packet of ours with the right tag.</summary>
public sealed partial class SctpEndpoint
{
    // Ports and tag: what every ICMP message quotes.
    private const int QuotedMinimum = 8;

    // Up to an INIT's initiate tag.
    private const int QuotedInit = 20;

    /// <summary>An ICMP error from the network. Ignored unless it quotes a packet of ours with the right tag.</summary>
    public void ReceiveIcmp(in IcmpError error, long now)
    {
        _ = now;
        if (error.QuotedPacket.Length < QuotedMinimum || !TryFindQuoted(error, out var association))
        {
            Counters.IcmpIgnored++;
            return;
        }

        var meaning = IcmpMeaning.Of(error);
        switch (meaning.Kind)
        {
            case IcmpKind.TooBig when error.Mtu > 0:
                Touch(association);
                association.Path.LowerMtu(error.Mtu);
                break;
            case IcmpKind.Unreachable:
                Touch(association);
                association.OnUnreachable(meaning.Reason, error.Reporter, $"{error.Reporter} says: {meaning.Words}");
                break;
            default:
                Counters.IcmpIgnored++;
                break;
        }
    }

    /// <summary>The local stack refused a packet as too big (EMSGSIZE), or knows the MTU of the way to a peer. An IP packet's size.</summary>
    public void ReportPathMtu(SctpAddress destination, int mtu, long now)
    {
        _ = now;
        foreach (var association in _byKey.Values)
        {
            if (association.Key.Peer == destination)
            {
                association.Path.LowerMtu(mtu);
            }
        }
    }

    private bool TryFindQuoted(in IcmpError error, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out AssociationMachine? association)
    {
        var header = CommonHeader.Read(error.QuotedPacket);
        var key = new AssociationKey(error.QuotedSource, header.SourcePort, error.QuotedDestination, header.DestinationPort);
        if (!_byKey.TryGetValue(key, out association))
        {
            return false;
        }

        // ICMP6: a tag of 0 must be an INIT's, and then its initiate tag must be ours.
        return header.VerificationTag != 0
            ? header.VerificationTag == association.Peer.Tag
            : association.State == AssociationState.CookieWait
                && error.QuotedPacket.Length >= QuotedInit
                && error.QuotedPacket[CommonHeader.Size] == (byte)ChunkType.Init
                && BinaryPrimitives.ReadUInt32BigEndian(error.QuotedPacket[(CommonHeader.Size + Chunk.HeaderSize)..]) == association.LocalTag;
    }
}
