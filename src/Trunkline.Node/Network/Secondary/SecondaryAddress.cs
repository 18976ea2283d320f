using System.Net;

namespace Trunkline.Node.Network.Secondary;

/// <summary>An address with the length of its network's prefix, and the network's gateway if it has one.</summary>
internal sealed record SecondaryAddress(IPAddress Address, int PrefixLength, IPAddress? Gateway);
