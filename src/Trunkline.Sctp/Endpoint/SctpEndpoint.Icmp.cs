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

        Touch(association);
        switch (IcmpMeaningOf(error))
        {
            case IcmpMeaning.TooBig when error.Mtu > 0:
                association.Path.LowerMtu(error.Mtu);
                break;
            case IcmpMeaning.ProtocolUnreachable:
                association.OnUnreachable(FailureReason.ProtocolUnreachable, error.Reporter, $"{error.Reporter} says: protocol unreachable");
                break;
            case IcmpMeaning.PortUnreachable:
                association.OnUnreachable(FailureReason.PortUnreachable, error.Reporter, $"{error.Reporter} says: port unreachable");
                break;
            case IcmpMeaning.Unreachable:
                association.NoteSoftError(error.Reporter, $"{error.Reporter} says: unreachable, code {error.Code}");
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

    private static IcmpMeaning IcmpMeaningOf(in IcmpError error) => error.QuotedDestination.IsIPv4
        ? (error.Type, error.Code) switch
        {
            (3, 2) => IcmpMeaning.ProtocolUnreachable,
            (3, 3) => IcmpMeaning.PortUnreachable,
            (3, 4) => IcmpMeaning.TooBig,
            (3, _) => IcmpMeaning.Unreachable,
            _ => IcmpMeaning.None,
        }
        : (error.Type, error.Code) switch
        {
            (1, 4) => IcmpMeaning.PortUnreachable,
            (1, _) => IcmpMeaning.Unreachable,
            (2, _) => IcmpMeaning.TooBig,
            (4, 1) => IcmpMeaning.ProtocolUnreachable,
            _ => IcmpMeaning.None,
        };

    private enum IcmpMeaning
    {
        None,
        ProtocolUnreachable,
        PortUnreachable,
        TooBig,
        Unreachable,
    }
}
