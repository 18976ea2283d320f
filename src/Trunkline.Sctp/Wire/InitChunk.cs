using System.Buffers.Binary;

namespace Trunkline.Sctp.Wire;

/// <summary>INIT and INIT ACK (RFC 9260 sections 3.3.2 and 3.3.3), which share their layout.</summary>
internal readonly ref struct InitChunk
{
    public const int FixedSize = 16;

    private InitChunk(ReadOnlySpan<byte> value)
    {
        InitiateTag = BinaryPrimitives.ReadUInt32BigEndian(value);
        ReceiveWindow = BinaryPrimitives.ReadUInt32BigEndian(value[4..]);
        OutboundStreams = BinaryPrimitives.ReadUInt16BigEndian(value[8..]);
        InboundStreams = BinaryPrimitives.ReadUInt16BigEndian(value[10..]);
        InitialTsn = BinaryPrimitives.ReadUInt32BigEndian(value[12..]);
        Parameters = value[FixedSize..];
    }

    public uint InitiateTag { get; }

    public uint ReceiveWindow { get; }

    public ushort OutboundStreams { get; }

    public ushort InboundStreams { get; }

    public uint InitialTsn { get; }

    public ReadOnlySpan<byte> Parameters { get; }

    /// <summary>Sections 3.3.2 and 3.3.3: values with which no association can be made.</summary>
    public bool IsAcceptable => OutboundStreams != 0 && InboundStreams != 0 && ReceiveWindow >= 1500;

    public static bool TryRead(in Chunk chunk, out InitChunk init)
    {
        if (chunk.Value.Length < FixedSize)
        {
            init = default;
            return false;
        }

        init = new InitChunk(chunk.Value);
        return true;
    }

    /// <summary>Adds the chunk with the fixed fields filled in, and gives the room for its parameters.</summary>
    public static Span<byte> Write(
        ref PacketWriter packet, ChunkType type, uint tag, uint window, ushort outbound, ushort inbound, uint tsn, int parametersLength)
    {
        var value = packet.AddChunk(type, 0, FixedSize + parametersLength);
        BinaryPrimitives.WriteUInt32BigEndian(value, tag);
        BinaryPrimitives.WriteUInt32BigEndian(value[4..], window);
        BinaryPrimitives.WriteUInt16BigEndian(value[8..], outbound);
        BinaryPrimitives.WriteUInt16BigEndian(value[10..], inbound);
        BinaryPrimitives.WriteUInt32BigEndian(value[12..], tsn);
        return value[FixedSize..];
    }
}
