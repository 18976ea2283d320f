using System.Buffers.Binary;

namespace Trunkline.Sctp.Wire;

/// <summary>SACK (RFC 9260 section 3.3.4).</summary>
internal readonly ref struct SackChunk
{
    public const int FixedSize = 12;
    private readonly ReadOnlySpan<byte> _gaps;

    private SackChunk(ReadOnlySpan<byte> value, int gaps)
    {
        CumulativeTsn = BinaryPrimitives.ReadUInt32BigEndian(value);
        ReceiveWindow = BinaryPrimitives.ReadUInt32BigEndian(value[4..]);
        _gaps = value.Slice(FixedSize, gaps * 4);
    }

    public uint CumulativeTsn { get; }

    public uint ReceiveWindow { get; }

    public int GapCount => _gaps.Length / 4;

    /// <summary>First and last TSN of a gap block, as offsets from the cumulative TSN.</summary>
    public (ushort Start, ushort End) Gap(int index) =>
        (BinaryPrimitives.ReadUInt16BigEndian(_gaps[(index * 4)..]), BinaryPrimitives.ReadUInt16BigEndian(_gaps[((index * 4) + 2)..]));

    public static bool TryRead(in Chunk chunk, out SackChunk sack)
    {
        var value = chunk.Value;
        sack = default;
        if (value.Length < FixedSize)
        {
            return false;
        }

        var gaps = BinaryPrimitives.ReadUInt16BigEndian(value[8..]);
        var duplicates = BinaryPrimitives.ReadUInt16BigEndian(value[10..]);
        if (value.Length < FixedSize + ((gaps + duplicates) * 4))
        {
            return false;
        }

        sack = new SackChunk(value, gaps);
        return true;
    }
}
