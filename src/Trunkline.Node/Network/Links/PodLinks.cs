using System.Net;
using Trunkline.Node.Network.Netlink;

namespace Trunkline.Node.Network.Links;

/// <summary>A Pod's cable to its node: a pair of veth, addresses, routes and neighbours at both ends. Run in the node's namespace.</summary>
internal static class PodLinks
{
    private const string PodEnd = "eth0";

    public static void Attach(string podUid, string netnsPath, IPAddress podIp)
    {
        using var node = new RouteNetlink();
        var name = PodLinkName.Of(podUid);
        EnsureCable(node, podUid, name, netnsPath);
        ConfigurePod(podUid, netnsPath, podIp);
        Sysctl.Write($"net/ipv6/conf/{name}/disable_ipv6", "1");
        var link = node.IndexOf(name) ?? throw new NetlinkException($"link {name} has gone while it was set up");
        node.SetUp(link);
        node.SetNeighbour(link, podIp, PodLinkName.PodSide(podUid));
        node.SetRoute(new RouteSpec(new IPNetwork(podIp, 32)) { Link = link });
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

        var addresses = node.Routes().Where(route => route.Link == link && route.Destination.PrefixLength == 32)
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

    private static void ConfigurePod(string podUid, string netnsPath, IPAddress podIp) => NamespaceThread.Run(netnsPath, () =>
    {
        using var pod = new RouteNetlink();
        // No IPv6 on the cable: its neighbour discovery would be the only packets in an otherwise silent capture.
        Sysctl.Write($"net/ipv6/conf/{PodEnd}/disable_ipv6", "1");
        pod.SetUp(pod.IndexOf("lo") ?? throw new NetlinkException("the Pod's namespace has no lo"));
        var link = pod.IndexOf(PodEnd) ?? throw new NetlinkException($"the Pod's namespace has no {PodEnd}");
        pod.AddAddress(link, podIp, 32, onlyLink: false);
        pod.SetUp(link);
        pod.SetNeighbour(link, PodLinkName.Gateway, PodLinkName.NodeSide(podUid));
        pod.SetRoute(new RouteSpec(new IPNetwork(PodLinkName.Gateway, 32)) { Link = link });
        pod.SetRoute(new RouteSpec(new IPNetwork(IPAddress.Any, 0)) { Link = link, Gateway = PodLinkName.Gateway });
    });
}
