using System.Buffers.Binary;

namespace Trunkline.Sctp.Wire;

/// <summary>Writes one packet into memory it was given: header, chunks with padding, checksum at the end.</summary>
internal ref struct PacketWriter
{
    private readonly Span<byte> _buffer;

    public PacketWriter(Span<byte> buffer, ushort sourcePort, ushort destinationPort, uint tag)
    {
        _buffer = buffer;
        BinaryPrimitives.WriteUInt16BigEndian(buffer, sourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(buffer[2..], destinationPort);
        BinaryPrimitives.WriteUInt32BigEndian(buffer[4..], tag);
        buffer.Slice(8, 4).Clear();
        Length = CommonHeader.Size;
    }

    public int Length { get; private set; }

    public readonly bool IsOpen => Length != 0;

    public readonly int Remaining => _buffer.Length - Length;

    /// <summary>Adds a chunk with its header and padding, and gives its value to be filled in.</summary>
    public Span<byte> AddChunk(ChunkType type, byte flags, int valueLength)
    {
        var chunk = _buffer.Slice(Length, Padding.Up(Chunk.HeaderSize + valueLength));
        chunk[0] = (byte)type;
        chunk[1] = flags;
        BinaryPrimitives.WriteUInt16BigEndian(chunk[2..], (ushort)(Chunk.HeaderSize + valueLength));
        chunk[(Chunk.HeaderSize + valueLength)..].Clear();
        Length += chunk.Length;
        return chunk.Slice(Chunk.HeaderSize, valueLength);
    }

    /// <summary>Adds a chunk that carries one error cause: ABORT or ERROR.</summary>
    public void AddCause(ChunkType type, byte flags, CauseCode cause, ReadOnlySpan<byte> information)
    {
        // The padding of the last cause is the chunk's own and not counted in its length (section 3.2).
        var value = AddChunk(type, flags, TlvReader.HeaderSize + information.Length);
        BinaryPrimitives.WriteUInt16BigEndian(value, (ushort)cause);
        BinaryPrimitives.WriteUInt16BigEndian(value[2..], (ushort)(TlvReader.HeaderSize + information.Length));
        information.CopyTo(value[TlvReader.HeaderSize..]);
    }

    public readonly void Finish() => Crc32c.Write(_buffer[..Length]);
}
