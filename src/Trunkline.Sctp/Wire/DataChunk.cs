using System.Buffers.Binary;

namespace Trunkline.Sctp.Wire;

/// <summary>DATA (RFC 9260 section 3.3.1).</summary>
internal readonly ref struct DataChunk
{
    public const int HeaderSize = 16;
    public const byte End = 1;
    public const byte Begin = 2;
    public const byte Unordered = 4;
    public const byte Immediate = 8;

    private DataChunk(byte flags, ReadOnlySpan<byte> value)
    {
        Flags = flags;
        Tsn = BinaryPrimitives.ReadUInt32BigEndian(value);
        Stream = BinaryPrimitives.ReadUInt16BigEndian(value[4..]);
        StreamSequence = BinaryPrimitives.ReadUInt16BigEndian(value[6..]);
        PayloadProtocolId = BinaryPrimitives.ReadUInt32BigEndian(value[8..]);
        Payload = value[12..];
    }

    public byte Flags { get; }

    public uint Tsn { get; }

    public ushort Stream { get; }

    public ushort StreamSequence { get; }

    public uint PayloadProtocolId { get; }

    public ReadOnlySpan<byte> Payload { get; }

    public static bool TryRead(in Chunk chunk, out DataChunk data)
    {
        if (chunk.Value.Length < HeaderSize - Chunk.HeaderSize)
        {
            data = default;
            return false;
        }

        data = new DataChunk(chunk.Flags, chunk.Value);
        return true;
    }

    public static void Write(
        ref PacketWriter packet, byte flags, uint tsn, ushort stream, ushort sequence, uint payloadProtocolId, scoped ReadOnlySpan<byte> payload)
    {
        var value = packet.AddChunk(ChunkType.Data, flags, HeaderSize - Chunk.HeaderSize + payload.Length);
        BinaryPrimitives.WriteUInt32BigEndian(value, tsn);
        BinaryPrimitives.WriteUInt16BigEndian(value[4..], stream);
        BinaryPrimitives.WriteUInt16BigEndian(value[6..], sequence);
        BinaryPrimitives.WriteUInt32BigEndian(value[8..], payloadProtocolId);
        payload.CopyTo(value[12..]);
    }
}
