namespace Trunkline.Sctp.Endpoint;

/// <summary>One SCTP packet as it came from the network: from the SCTP common header on, IP header taken off.</summary>
public readonly ref struct SctpDatagram
{
    public SctpDatagram(ReadOnlySpan<byte> packet, SctpAddress source, SctpAddress destination)
    {
        Packet = packet;
        Source = source;
        Destination = destination;
    }

    public ReadOnlySpan<byte> Packet { get; }

    public SctpAddress Source { get; }

    /// <summary>The local address it was sent to.</summary>
    public SctpAddress Destination { get; }
}
