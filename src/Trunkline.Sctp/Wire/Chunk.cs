namespace Trunkline.Sctp.Wire;

/// <summary>One chunk of a packet, in place (RFC 9260 section 3.2).</summary>
internal readonly ref struct Chunk(ReadOnlySpan<byte> whole)
{
    public const int HeaderSize = 4;

    /// <summary>The T bit of ABORT and SHUTDOWN COMPLETE: the tag is the reflected one (section 8.5.1).</summary>
    public const byte ReflectedTag = 1;

    /// <summary>Header and value, without padding.</summary>
    public ReadOnlySpan<byte> Whole { get; } = whole;

    public ChunkType Type => (ChunkType)Whole[0];

    public byte Flags => Whole[1];

    public ReadOnlySpan<byte> Value => Whole[HeaderSize..];

    public bool HasReflectedTag => (Flags & ReflectedTag) != 0;
}
