using System.Net;
using System.Net.Sockets;

namespace Trunkline.Node.Network.Services;

/// <summary>The words of one address family in rules; the sets of IPv6 are named as those of IPv4, with a 6.</summary>
internal sealed record ServiceFamily(string Word, string Suffix, string AddressType)
{
    public static ServiceFamily V4 { get; } = new("ip", "", "ipv4_addr");

    public static ServiceFamily V6 { get; } = new("ip6", "6", "ipv6_addr");

    public static IReadOnlyList<ServiceFamily> Both { get; } = [V4, V6];

    /// <summary>What leads to a frontend.</summary>
    public string Key => $"{Word} daddr . meta l4proto . th dport";

    public static ServiceFamily Of(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 ? V6 : V4;

    /// <summary>The name of a set or chain in this family.</summary>
    public string Named(string name) => name + Suffix;
}
