using System.Net;

namespace Trunkline.Node.Network.Secondary;

/// <summary>A route through a secondary network; without gateway its destination is on the link.</summary>
internal sealed record SecondaryRoute(IPNetwork Destination, IPAddress? Gateway);
