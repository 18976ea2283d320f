using System.Buffers.Binary;
using Trunkline.Sctp.Association;

namespace Trunkline.Sctp.Endpoint;

/// <summary>All that an association begins with (RFC 9260 section 5.1.3): the peer keeps it for us, so that an INIT costs us nothing.</summary>
internal readonly record struct StateCookie
{
    public const int Size = 96;

    public AssociationKey Key { get; init; }

    public uint LocalTag { get; init; }

    public uint LocalTsn { get; init; }

    public PeerParameters Peer { get; init; }

    /// <summary>Both tags of an association that existed when the INIT came, else 0 (section 5.2.2).</summary>
    public uint TieLocalTag { get; init; }

    public uint TiePeerTag { get; init; }

    public long Expires { get; init; }

    public void WriteTo(Span<byte> bytes)
    {
        bytes[..Size].Clear();
        BinaryPrimitives.WriteUInt32BigEndian(bytes, LocalTag);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[4..], LocalTsn);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[8..], Peer.Tag);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[12..], Peer.InitialTsn);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[16..], Peer.ReceiveWindow);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[20..], Peer.OutboundStreams);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[22..], Peer.InboundStreams);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[24..], TieLocalTag);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[28..], TiePeerTag);
        BinaryPrimitives.WriteInt64BigEndian(bytes[32..], Expires);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[40..], Key.LocalPort);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[42..], Key.PeerPort);
        bytes[44] = (byte)Key.Local.WriteTo(bytes[48..]);
        bytes[45] = (byte)Key.Peer.WriteTo(bytes[64..]);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[80..], Key.Local.ScopeId);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[84..], Key.Peer.ScopeId);
    }

    /// <summary>Reads bytes whose seal was found good: they are our own.</summary>
    public static StateCookie Read(ReadOnlySpan<byte> bytes) => new()
    {
        LocalTag = BinaryPrimitives.ReadUInt32BigEndian(bytes),
        LocalTsn = BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]),
        Peer = new PeerParameters(
            BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]),
            BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]),
            BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]),
            BinaryPrimitives.ReadUInt16BigEndian(bytes[20..]),
            BinaryPrimitives.ReadUInt16BigEndian(bytes[22..])),
        TieLocalTag = BinaryPrimitives.ReadUInt32BigEndian(bytes[24..]),
        TiePeerTag = BinaryPrimitives.ReadUInt32BigEndian(bytes[28..]),
        Expires = BinaryPrimitives.ReadInt64BigEndian(bytes[32..]),
        Key = new AssociationKey(
            SctpAddress.FromBytes(bytes.Slice(48, bytes[44]), BinaryPrimitives.ReadUInt32BigEndian(bytes[80..])),
            BinaryPrimitives.ReadUInt16BigEndian(bytes[40..]),
            SctpAddress.FromBytes(bytes.Slice(64, bytes[45]), BinaryPrimitives.ReadUInt32BigEndian(bytes[84..])),
            BinaryPrimitives.ReadUInt16BigEndian(bytes[42..])),
    };
}
