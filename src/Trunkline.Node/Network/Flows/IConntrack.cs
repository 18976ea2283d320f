using System.Net;

namespace Trunkline.Node.Network.Flows;

/// <summary>The kernel's table of known flows.</summary>
internal interface IConntrack
{
    IReadOnlyList<TrackedFlow> List();

    IReadOnlyList<TrackedFlow> List(FlowFilter filter) => [.. List().Where(filter.Matches)];

    /// <summary>The flow of which this is a reply's packet; null where there is none.</summary>
    TrackedFlow? OfReply(int protocol, IPAddress source, int sourcePort, IPAddress destination, int destinationPort) =>
        List().FirstOrDefault(flow => flow.Protocol == protocol && flow.Target.Equals(source) && flow.TargetPort == sourcePort);

    /// <summary>False where it has ended by itself.</summary>
    bool Remove(TrackedFlow flow);

    /// <summary>Adds bits to the flow's mark; false where it has ended by itself.</summary>
    bool Mark(TrackedFlow flow, uint bits);
}
