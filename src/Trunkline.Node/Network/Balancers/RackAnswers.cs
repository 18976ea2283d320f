using System.Net;
using System.Net.Sockets;
using Trunkline.Node.Network.Links;
using Trunkline.Node.Network.Netlink;

namespace Trunkline.Node.Network.Balancers;

/// <summary>
/// Answers ARP and neighbour discovery on the rack for addresses that are not the node's own, as proxy neighbour entries, so that no program of the node can listen there. The
/// kernel answers for such an IPv4 address only where its route leads to another link than the question came from: that link is a bridge without ports, at which
/// ends what no Service's rule has taken. Run in the node's namespace.
/// </summary>
internal static class RackAnswers
{
    public const string Sink = "lb0";

    /// <summary>Makes what is answered for exactly these addresses; tells of those that are new here. Gives the new ones.</summary>
    public static IReadOnlyList<IPAddress> Apply(NodeNetwork network, IReadOnlySet<IPAddress> wanted)
    {
        using var netlink = new RouteNetlink();
        var uplink = netlink.Addresses().Where(item => item.Address.Equals(network.NodeAddress)).Select(item => item.Link).FirstOrDefault();
        if (uplink == 0 || !netlink.Links().TryGetValue(uplink, out var name))
        {
            throw new NetlinkException($"no link of this node has its address {network.NodeAddress}");
        }

        var answered = netlink.Proxies(uplink);
        foreach (var address in answered.Where(address => !wanted.Contains(address)))
        {
            netlink.RemoveProxy(uplink, address);
        }

        RemoveRoutes(netlink, wanted);
        if (wanted.Count == 0)
        {
            return [];
        }

        var sink = EnsureSink(netlink);
        Prepare(name);
        foreach (var address in wanted)
        {
            netlink.SetRoute(new RouteSpec(Single(address)) { Link = sink });
            netlink.AddProxy(uplink, address);
        }

        return [.. wanted.Except(answered)];
    }

    /// <summary>Tells everybody on the rack that these addresses are here.</summary>
    public static void Announce(NodeNetwork network, IEnumerable<IPAddress> addresses)
    {
        using var netlink = new RouteNetlink();
        var uplink = netlink.Addresses().Where(item => item.Address.Equals(network.NodeAddress)).Select(item => item.Link).FirstOrDefault();
        var hardware = netlink.Hardware(uplink) ?? throw new NetlinkException("the node's uplink has no hardware address");
        foreach (var address in addresses)
        {
            PacketSender.Send(uplink, Announcement.Of(address, hardware, network.NodeAddress6));
        }
    }

    // The kernel's own pause before it answers for somebody else (up to 0.8 s) is meant for several who would; here it is one, but for a node whose agent has died.
    private static void Prepare(string uplink)
    {
        Sysctl.Write($"net/ipv4/neigh/{uplink}/proxy_delay", "0");
        Sysctl.Write($"net/ipv6/neigh/{uplink}/proxy_delay", "0");
        Sysctl.Write($"net/ipv6/conf/{uplink}/proxy_ndp", "1");
    }

    private static int EnsureSink(RouteNetlink netlink)
    {
        if (netlink.IndexOf(Sink) is { } there)
        {
            return there;
        }

        netlink.AddBridge(Sink);
        Sysctl.Write($"net/ipv6/conf/{Sink}/addr_gen_mode", "1");
        Sysctl.Write($"net/ipv6/conf/{Sink}/accept_dad", "0");
        Sysctl.Write($"net/ipv6/conf/{Sink}/disable_ipv6", "0");
        var link = netlink.IndexOf(Sink) ?? throw new NetlinkException($"link {Sink} has gone while it was set up");
        netlink.SetUpSilent(link);
        return link;
    }

    private static void RemoveRoutes(RouteNetlink netlink, IReadOnlySet<IPAddress> wanted)
    {
        if (netlink.IndexOf(Sink) is not { } sink)
        {
            return;
        }

        foreach (var route in netlink.Routes().Where(route => route.Link == sink && !wanted.Contains(route.Destination.BaseAddress)))
        {
            netlink.DeleteRoute(route);
        }
    }

    private static IPNetwork Single(IPAddress address) => new(address, address.AddressFamily == AddressFamily.InterNetworkV6 ? 128 : 32);
}
