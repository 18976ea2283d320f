using System.Net;

namespace Trunkline.Node.Network;

/// <summary>Joins a Pod's network namespace to its node, and takes it away again. The Pod side calls it; the data plane implements it.</summary>
public interface IPodNetwork
{
    /// <summary>
    /// Gives the namespace pinned at <paramref name="netnsPath"/> its <c>lo</c> (up) and <c>eth0</c> with <paramref name="podIps"/> (at most one a family), and the node the routes to them.
    /// Idempotent: a restarted agent calls it again for the Pods it finds.
    /// </summary>
    Task AttachAsync(string podUid, string netnsPath, IReadOnlyList<IPAddress> podIps, CancellationToken cancellationToken);

    /// <summary>Removes the node's side of a Pod (veth, route, conntrack entries). Succeeds when there is none.</summary>
    Task DetachAsync(string podUid, CancellationToken cancellationToken);
}
