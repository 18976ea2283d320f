using Trunkline.Sctp.Endpoint;

namespace Trunkline.Sctp.Association;

/// <summary>What an association needs of its endpoint.</summary>
internal interface IAssociationHost
{
    DatagramBatch Output { get; }

    BlockPool Blocks { get; }

    ISctpRandom Random { get; }

    EndpointCounters Counters { get; }

    void Raise(AssociationMachine association, EndpointEventKind kind);

    /// <summary>The association ended: it leaves demultiplexing and timers, and its failure or completion is told.</summary>
    void Ended(AssociationMachine association);

    /// <summary>Memory of all associations ran out, and a sender waits for some.</summary>
    void WaitForMemory(AssociationMachine association);
}
