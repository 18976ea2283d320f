using System.Net.Sockets;

namespace Trunkline.Node.Network.Policies;

/// <summary>How nftables speaks of a family. Sets and maps of IPv6 have the name of their IPv4 twin with a 6 behind it.</summary>
/// <param name="Family">The family.</param>
/// <param name="Ip">Its header.</param>
/// <param name="Type">Type of its addresses.</param>
/// <param name="Suffix">Of its sets' names.</param>
internal sealed record AddressWords(AddressFamily Family, string Ip, string Type, string Suffix)
{
    public static AddressWords Ipv4 { get; } = new(AddressFamily.InterNetwork, "ip", "ipv4_addr", "");

    public static AddressWords Ipv6 { get; } = new(AddressFamily.InterNetworkV6, "ip6", "ipv6_addr", "6");

    public static IReadOnlyList<AddressWords> Both { get; } = [Ipv4, Ipv6];

    public static AddressWords Of(AddressFamily family) => family == AddressFamily.InterNetwork ? Ipv4 : Ipv6;
}
