using Trunkline.Sctp.Endpoint;

namespace Trunkline.Sctp.Transports;

/// <summary>
/// Where packets come from and go to. All members but <see cref="Wake"/> are called by the one thread that runs the loop.
/// Raw IP and the in-memory network are two; UDP encapsulation (RFC 6951) fits the same shape.
/// </summary>
public interface IPacketTransport : IDisposable
{
    /// <summary>Says in a word which transport this is, for <c>-v</c> and logs.</summary>
    string Name { get; }

    /// <summary>Takes what it needs from the thread it is called on (a network namespace, sockets).</summary>
    void Open();

    /// <summary>Hands one burst of what has arrived to the endpoint; true if there may be more.</summary>
    bool Receive(SctpEndpoint endpoint, long now);

    /// <summary>Sends every packet of a batch. A packet that cannot be sent is lost, as on any network.</summary>
    void Send(DatagramBatch batch, SctpEndpoint endpoint, long now);

    /// <summary>Sleeps until something arrives, <see cref="Wake"/> is called, or the time is over (negative: forever).</summary>
    void Wait(int milliseconds);

    /// <summary>Ends a <see cref="Wait"/>, now or the next one. Any thread may call it.</summary>
    void Wake();

    /// <summary>The local address from which packets to <paramref name="destination"/> leave.</summary>
    /// <exception cref="SctpException">There is no way there: the kernel's errno.</exception>
    SctpAddress SelectSource(SctpAddress destination);

    /// <summary>True if the address is one of ours to listen at.</summary>
    bool IsLocal(SctpAddress address);
}
