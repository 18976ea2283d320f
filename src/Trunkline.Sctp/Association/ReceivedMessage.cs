namespace Trunkline.Sctp.Association;

/// <summary>A message that can be read, or waits for its turn in its stream.</summary>
internal struct ReceivedMessage
{
    public int First;
    public int Last;
    public uint PayloadProtocolId;
    public ushort Stream;
    public ushort Sequence;
    public bool Unordered;
    public bool Complete;
    public int Next;
}
