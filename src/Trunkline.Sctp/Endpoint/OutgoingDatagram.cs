namespace Trunkline.Sctp.Endpoint;

/// <summary>One packet to send: from the SCTP common header on, checksum made. Valid until its batch is cleared.</summary>
public readonly struct OutgoingDatagram
{
    internal OutgoingDatagram(ReadOnlyMemory<byte> packet, SctpAddress source, SctpAddress destination, bool dontFragment)
    {
        Packet = packet;
        Source = source;
        Destination = destination;
        DontFragment = dontFragment;
    }

    public ReadOnlyMemory<byte> Packet { get; }

    public SctpAddress Source { get; }

    public SctpAddress Destination { get; }

    /// <summary>False only where a chunk made for a larger path MTU must be sent again in one piece.</summary>
    public bool DontFragment { get; }
}
