using System.Net;

namespace Trunkline.Node.Network.Netlink;

/// <summary>A route of the main table.</summary>
internal sealed record RouteSpec(IPNetwork Destination)
{
    public int Link { get; init; }

    public IPAddress? Gateway { get; init; }

    /// <summary>The address the node's own packets leave with.</summary>
    public IPAddress? Source { get; init; }

    /// <summary>Answers ICMP unreachable instead of leading anywhere.</summary>
    public bool Unreachable { get; init; }
}
