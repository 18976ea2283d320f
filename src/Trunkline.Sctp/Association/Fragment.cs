namespace Trunkline.Sctp.Association;

/// <summary>One DATA chunk that is to be sent or acknowledged.</summary>
internal struct Fragment
{
    public Block Block;
    public int Length;
    public uint PayloadProtocolId;
    public ushort Stream;
    public ushort Sequence;
    public byte Flags;
    public int Next;
}
