using Trunkline.Sctp.Endpoint;
using Trunkline.Sctp.Wire;

namespace Trunkline.Sctp.Association;

/// <summary>Makes messages of DATA chunks, and holds them until they are read.</summary>
internal interface IReassembly
{
    /// <summary>Memory of everything held, overhead included.</summary>
    int Charged { get; }

    bool HasReadable { get; }

    /// <summary>Takes a chunk whose TSN is new.</summary>
    ReassemblyVerdict Add(in DataChunk chunk);

    /// <summary>Lets an unfinished message that is next in order be read, so that one larger than the buffer cannot block for ever (RFC 9260 section 6.9).</summary>
    void DeliverPartially(uint cumulativeTsn);

    /// <summary>Copies the next message, or as much of it as fits. False where there is nothing.</summary>
    bool Read(Span<byte> destination, out ReceivedPart part);

    void Clear();
}
