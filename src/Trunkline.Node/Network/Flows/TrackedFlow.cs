using System.Net;

namespace Trunkline.Node.Network.Flows;

/// <summary>
/// A flow the kernel knows: as its first packet was sent, and (from the reply's tuple) where it really goes after Service translation.
/// </summary>
internal sealed record TrackedFlow(
    int Protocol, IPAddress Source, int SourcePort, IPAddress Destination, int DestinationPort, IPAddress Target, int TargetPort)
{
    public bool IsTranslated => !Target.Equals(Destination) || TargetPort != DestinationPort;

    /// <summary>An SCTP association that stands, or another path of one (the kernel begins that at a HEARTBEAT).</summary>
    public bool IsAssociation { get; init; }

    public uint Mark { get; init; }

    /// <summary>ICMP's type, code and identifier, as the kernel tells them; 0 where a flow has ports, or nothing of the kind.</summary>
    public uint IcmpKey { get; init; }
}
