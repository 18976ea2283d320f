using System.Net;

namespace Trunkline.Node.Network.Flows;

/// <summary>Which known flows the kernel is to name; what is null may be anything. The kernel walks its table and hands over only these.</summary>
internal sealed record FlowFilter
{
    public int? Protocol { get; init; }

    /// <summary>As the first packet was sent.</summary>
    public IPAddress? Source { get; init; }

    public IPAddress? Destination { get; init; }

    public int? DestinationPort { get; init; }

    /// <summary>Who really answers.</summary>
    public IPAddress? Target { get; init; }

    public bool Matches(TrackedFlow flow) =>
        (Protocol is null || Protocol == flow.Protocol)
        && (Source is null || Source.Equals(flow.Source))
        && (Destination is null || Destination.Equals(flow.Destination))
        && (DestinationPort is null || DestinationPort == flow.DestinationPort)
        && (Target is null || Target.Equals(flow.Target));
}
