using System.Buffers.Binary;

namespace Trunkline.Sctp.Wire;

/// <summary>Walks the chunks of a packet, and stops at the first that does not fit.</summary>
internal ref struct ChunkReader(ReadOnlySpan<byte> chunks)
{
    private ReadOnlySpan<byte> _rest = chunks;

    /// <summary>True once a chunk's length contradicted the packet's.</summary>
    public bool Malformed { get; private set; }

    public readonly bool AtEnd => _rest.IsEmpty;

    public bool TryRead(out Chunk chunk)
    {
        chunk = default;
        if (_rest.IsEmpty)
        {
            return false;
        }

        var length = _rest.Length < Chunk.HeaderSize ? 0 : BinaryPrimitives.ReadUInt16BigEndian(_rest[2..]);
        if (length < Chunk.HeaderSize || length > _rest.Length)
        {
            Malformed = true;
            _rest = default;
            return false;
        }

        chunk = new Chunk(_rest[..length]);
        _rest = _rest[Math.Min(Padding.Up(length), _rest.Length)..];
        return true;
    }
}
