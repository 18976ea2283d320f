using System.Net;
using System.Net.Sockets;
using Trunkline.Node.Network.Netlink;

namespace Trunkline.Node.Network.Links;

/// <summary>A Pod's cable to its node: a pair of veth, addresses, routes and neighbours at both ends. Run in the node's namespace.</summary>
internal static class PodLinks
{
    private const string PodEnd = "eth0";

    public static void Attach(string podUid, string netnsPath, IReadOnlyList<IPAddress> podIps)
    {
        using var node = new RouteNetlink();
        var name = PodLinkName.Of(podUid);
        EnsureCable(node, podUid, name, netnsPath);
        ConfigurePod(podUid, netnsPath, podIps);
        Quieten(name, HasV6(podIps));
        var link = node.IndexOf(name) ?? throw new NetlinkException($"link {name} has gone while it was set up");
        node.SetUp(link);
        foreach (var ip in podIps)
        {
            node.SetNeighbour(link, ip, PodLinkName.PodSide(podUid));
            node.SetRoute(new RouteSpec(Single(ip)) { Link = link });
        }
    }

    /// <summary>Takes the node's end away, and with it the other end, the route and the neighbour. Gives the addresses that led there.</summary>
    public static IReadOnlyList<IPAddress> Detach(string podUid)
    {
        using var node = new RouteNetlink();
        var name = PodLinkName.Of(podUid);
        if (node.IndexOf(name) is not { } link)
        {
            return [];
        }

        var addresses = node.Routes().Where(route => route.Link == link && route.Destination.Equals(Single(route.Destination.BaseAddress)))
            .Select(route => route.Destination.BaseAddress).ToList();
        node.DeleteLink(name);
        return addresses;
    }

    private static void EnsureCable(RouteNetlink node, string podUid, string name, string netnsPath)
    {
        if (node.IndexOf(name) is not null)
        {
            if (NamespaceThread.Run(netnsPath, HasPodEnd))
            {
                return;
            }

            node.DeleteLink(name); // its other end is in a namespace that is no longer the Pod's
        }

        using var netns = File.OpenHandle(netnsPath);
        node.AddVeth(name, PodLinkName.NodeSide(podUid), PodEnd, PodLinkName.PodSide(podUid), (int)netns.DangerousGetHandle());
    }

    private static bool HasPodEnd()
    {
        using var pod = new RouteNetlink();
        return pod.IndexOf(PodEnd) is not null;
    }

    private static void ConfigurePod(string podUid, string netnsPath, IReadOnlyList<IPAddress> podIps) => NamespaceThread.Run(netnsPath, () =>
    {
        using var pod = new RouteNetlink();
        Quieten(PodEnd, HasV6(podIps));
        pod.SetUp(pod.IndexOf("lo") ?? throw new NetlinkException("the Pod's namespace has no lo"));
        var link = pod.IndexOf(PodEnd) ?? throw new NetlinkException($"the Pod's namespace has no {PodEnd}");
        pod.SetUpSilent(link);
        foreach (var ip in podIps)
        {
            var gateway = IsV6(ip) ? PodLinkName.Gateway6 : PodLinkName.Gateway;
            pod.AddAddress(link, ip, Single(ip).PrefixLength, onlyLink: false);
            pod.SetNeighbour(link, gateway, PodLinkName.NodeSide(podUid));
            if (!IsV6(ip))
            {
                pod.SetRoute(new RouteSpec(Single(gateway)) { Link = link }); // IPv6 takes a gateway of the link's own addresses without
            }

            // A secondary network may have it (its "default-route"): whoever restores a cable leaves that as it is.
            var anywhere = new IPNetwork(IsV6(ip) ? IPAddress.IPv6Any : IPAddress.Any, 0);
            if (!pod.Routes().Any(route => route.Destination.Equals(anywhere)))
            {
                pod.SetRoute(new RouteSpec(anywhere) { Link = link, Gateway = gateway });
            }
        }
    });

    // Of IPv6 only packets of programs: no address that nobody gave, no search for its like or for routers, no report of groups. A cable's capture is silent by itself.
    private static void Quieten(string link, bool v6)
    {
        Sysctl.Write($"net/ipv6/conf/{link}/disable_ipv6", v6 ? "0" : "1");
        foreach (var name in (string[])["accept_ra", "autoconf", "accept_dad", "dad_transmits", "use_tempaddr", "router_solicitations", "accept_redirects"])
        {
            Sysctl.Write($"net/ipv6/conf/{link}/{name}", "0");
        }

        Sysctl.Write($"net/ipv6/conf/{link}/addr_gen_mode", "1"); // IN6_ADDR_GEN_MODE_NONE
    }

    private static bool HasV6(IEnumerable<IPAddress> addresses) => addresses.Any(IsV6);

    private static bool IsV6(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6;

    private static IPNetwork Single(IPAddress address) => new(address, IsV6(address) ? 128 : 32);
}
