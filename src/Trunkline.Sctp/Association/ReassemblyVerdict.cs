namespace Trunkline.Sctp.Association;

internal enum ReassemblyVerdict
{
    Held,
    NoMemory,

    /// <summary>The fragments contradict one another: the peer broke the protocol.</summary>
    Contradiction,
}
