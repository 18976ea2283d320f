using System.Net;
using System.Net.NetworkInformation;
using System.Security.Cryptography;
using System.Text;

namespace Trunkline.Node.Network.Links;

/// <summary>Names and hardware addresses of a Pod's cable: made from its UID, so that every agent after this one finds them again.</summary>
internal static class PodLinkName
{
    /// <summary>The gateway every Pod sees. Nobody has it; a permanent neighbour entry leads to the node's end of the cable.</summary>
    public static IPAddress Gateway { get; } = IPAddress.Parse("169.254.1.1");

    /// <summary>The same for IPv6: one address of the link's own.</summary>
    public static IPAddress Gateway6 { get; } = IPAddress.Parse("fe80::1");

    /// <summary>docs/architecture.md: <c>p</c> and 14 hex digits of a hash of the UID (IFNAMSIZ leaves 15).</summary>
    public static string Of(string podUid) => $"p{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(podUid)))[..14]}";

    public static PhysicalAddress NodeSide(string podUid) => Hardware(podUid, 0x0a);

    public static PhysicalAddress PodSide(string podUid) => Hardware(podUid, 0x0e);

    // Locally administered, unicast (IEEE 802: bit 1 set and bit 0 clear in the first octet).
    private static PhysicalAddress Hardware(string podUid, byte first)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(podUid));
        return new PhysicalAddress([first, hash[8], hash[9], hash[10], hash[11], hash[12]]);
    }
}
