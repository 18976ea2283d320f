using System.Net.Sockets;

namespace Trunkline.Policy.Cases.Tables;

/// <summary>What every Pod tries with every other.</summary>
public readonly record struct Probe(string Protocol, int Port, bool Ipv6)
{
    public static readonly IReadOnlyList<Probe> All =
    [
        .. from ipv6 in new[] { false, true } from protocol in new[] { "TCP", "UDP", "SCTP" } from port in new[] { 80, 81 } select new Probe(protocol, port, ipv6),
    ];

    public AddressFamily Family => Ipv6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;

    /// <summary>Without the family.</summary>
    public string Service => $"{Protocol} {Port}";

    public override string ToString() => $"{(Ipv6 ? "IPv6" : "IPv4")} {Service}";
}
