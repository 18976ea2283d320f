using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Trunkline.Node.Network.Secondary;

/// <summary>A Pod's interface on a secondary network as batches for `ip`. Pure; every word in them has been checked where it was read.</summary>
internal static class SecondaryCommands
{
    private const int BehindAll = 20000;

    /// <summary>Run in the node's namespace: makes the interface and puts it, already named, into the Pod's. A bridge that is not there yet is made.</summary>
    public static IReadOnlyList<string> InNode(SecondaryLink link, string podUid, string netnsPath, bool bridgeIsThere)
    {
        var mtu = link.Mtu > 0 ? $" mtu {link.Mtu}" : "";
        var mac = Text(link.MacOf(podUid));
        if (link.Kind == SecondaryKind.Macvlan)
        {
            return [$"link add link {link.Below} name {link.Interface} netns {netnsPath} address {mac}{mtu} type macvlan mode {link.Mode}"];
        }

        var end = link.NodeEnd(podUid);
        return
        [
            .. bridgeIsThere ? Array.Empty<string>() : [$"link add {link.Below} type bridge forward_delay 0"],
            $"link add {end}{mtu} type veth peer name {link.Interface} address {mac}{mtu} netns {netnsPath}",
            $"link set {end} addrgenmode none",
            $"link set {end} master {link.Below}",
            .. link.Hairpin ? [$"link set {end} type bridge_slave hairpin on"] : Array.Empty<string>(),
            .. link.Isolated ? [$"link set {end} type bridge_slave isolated on"] : Array.Empty<string>(),
            $"link set {end} up",
            $"link set {link.Below} up",
        ];
    }

    /// <summary>Run in the Pod's. Addresses before the link is up: it then tells its neighbours who has them now (arp_notify).</summary>
    public static IReadOnlyList<string> InPod(SecondaryLink link) =>
    [
        .. link.Addresses.Select(item => $"addr add {item.Address}/{item.PrefixLength} dev {link.Interface}{(IsIpv6(item.Address) ? " nodad" : "")}"),
        $"link set {link.Interface} up",
        .. Routes(link),
        .. DefaultRoutes(link.Interface, link.DefaultRoute),
    ];

    /// <summary>Run in the Pod's: eth0's default route gives way. "static" is how this program knows its own routes again.</summary>
    public static IEnumerable<string> DefaultRoutes(string link, IEnumerable<IPAddress> gateways) => gateways.Select(gateway => $"route replace default via {gateway} dev {link} proto static");

    // As CNI's plugins: of two routes to one place the first wins, and that to the own network is there already. A default route here does not take the place of eth0's
    // (that is what the annotation's default-route is for): it stands behind it.
    private static IEnumerable<string> Routes(SecondaryLink link) => link.Routes.DistinctBy(route => route.Destination)
        .Where(route => !link.Addresses.Any(own => own.PrefixLength == route.Destination.PrefixLength && route.Destination.Contains(own.Address)))
        .Select(route => $"route add {route.Destination}{(route.Gateway is null ? "" : $" via {route.Gateway}")} dev {link.Interface}"
            + (route.Destination.PrefixLength == 0 ? $" metric {BehindAll}" : ""));

    /// <summary>Switches of the interface. No router may configure it, and without an IPv6 address it has no IPv6 at all.</summary>
    public static IReadOnlyList<(string Name, string Value)> Switches(SecondaryLink link) =>
    [
        ($"net/ipv6/conf/{link.Interface}/disable_ipv6", link.Addresses.Any(item => IsIpv6(item.Address)) ? "0" : "1"),
        ($"net/ipv6/conf/{link.Interface}/accept_ra", "0"),
        ($"net/ipv6/conf/{link.Interface}/ndisc_notify", "1"),
        ($"net/ipv4/conf/{link.Interface}/arp_notify", "1"),

        // An address is answered for on its own network only: else a Pod's eth0 could be reached behind its policies.
        ($"net/ipv4/conf/{link.Interface}/arp_ignore", "1"),
        ($"net/ipv4/conf/{link.Interface}/arp_announce", "2"),
    ];

    public static string Text(PhysicalAddress address) => string.Join(':', address.GetAddressBytes().Select(octet => octet.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)));

    private static bool IsIpv6(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6;
}
