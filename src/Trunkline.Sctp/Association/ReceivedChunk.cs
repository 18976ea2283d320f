namespace Trunkline.Sctp.Association;

/// <summary>One DATA chunk that arrived.</summary>
internal struct ReceivedChunk
{
    public Block Block;
    public int Length;
    public int Offset;
    public uint Tsn;
    public uint PayloadProtocolId;
    public ushort Stream;
    public ushort Sequence;
    public byte Flags;

    /// <summary>At either end of a run of fragments of one message: the TSN of the other end.</summary>
    public uint OtherEnd;

    public int Next;
}
