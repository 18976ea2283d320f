using System.Net;

namespace Trunkline.Node.Network.Secondary;

/// <summary>Addresses of a subnet that a node may give, from the first to the last.</summary>
internal sealed record HostLocalRange(IPNetwork Subnet, IPAddress Start, IPAddress End, IPAddress Gateway);
