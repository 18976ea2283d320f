using System.Net;
using Trunkline.Node.Network.Cluster;
using Trunkline.Node.Network.Netlink;

namespace Trunkline.Node.Network.Links;

/// <summary>The node's own switches and its routes: to other nodes' Pods, to Services, and to nobody where a Pod address is unassigned.</summary>
internal static class NodeRoutes
{
    public static void PrepareNode()
    {
        Sysctl.Write("net/ipv4/ip_forward", "1");
        // Strict reverse path (RFC 3704): a second lock beside the rule that stops forged sources.
        Sysctl.Write("net/ipv4/conf/all/rp_filter", "1");
        Sysctl.Write("net/ipv4/conf/default/rp_filter", "1");
        // Uplink and other hosts share a subnet; nobody is to be told of a shorter way that leads past translation.
        // The kernel asks "all" or the link's own, and links that are there already keep theirs.
        foreach (var link in Directory.GetDirectories("/proc/sys/net/ipv4/conf"))
        {
            Sysctl.Write($"net/ipv4/conf/{Path.GetFileName(link)}/send_redirects", "0");
        }

        Sysctl.Write("net/ipv4/conf/all/accept_redirects", "0");
        // A router: it forwards, and believes nobody who calls himself one.
        Sysctl.Write("net/ipv6/conf/all/forwarding", "1");
        // "all" decides whether packets go on; on its new links (Pods' cables) the node is nobody's router, so it joins no groups of routers and reports none.
        Sysctl.Write("net/ipv6/conf/default/forwarding", "0");
        Sysctl.Write("net/ipv6/conf/all/accept_ra", "0");
        Sysctl.Write("net/ipv6/conf/default/accept_ra", "0");
        Sysctl.Write("net/ipv6/conf/all/accept_redirects", "0");
        Sysctl.Write("net/ipv6/conf/default/accept_redirects", "0");
        // Translation computes a packet's CRC32c anew, which would make a corrupted one look good: what arrives corrupted is invalid and is not translated.
        Sysctl.Write("net/netfilter/nf_conntrack_checksum", "1");
        // A TCP segment in the middle of nothing makes no flow: else the answer to one of a cut flow would open it again the other way round.
        Sysctl.Write("net/netfilter/nf_conntrack_tcp_loose", "0");
    }

    /// <summary>Switches and routes: what somebody changed by hand is put right.</summary>
    public static void Repair(NodeNetwork network, IReadOnlyList<NodeRecord> nodes)
    {
        PrepareNode();
        Apply(network, nodes);
    }

    /// <summary>Makes the routes what they should be. Routes to single Pods belong to their cables and are left alone.</summary>
    public static void Apply(NodeNetwork network, IReadOnlyList<NodeRecord> nodes)
    {
        using var netlink = new RouteNetlink();
        var uplink = netlink.Addresses().Where(item => item.Address.Equals(network.NodeAddress)).Select(item => item.Link).FirstOrDefault();
        if (uplink == 0)
        {
            throw new NetlinkException($"no link of this node has its address {network.NodeAddress}");
        }

        var wanted = Wanted(network, nodes, uplink).ToList();
        foreach (var route in netlink.Routes().Where(route => IsOurs(network, route) && !wanted.Any(w => w.Destination.Equals(route.Destination))))
        {
            netlink.DeleteRoute(route);
        }

        foreach (var route in wanted)
        {
            netlink.SetRoute(route);
        }
    }

    /// <summary>Pure: what the main table has to hold beside single Pods.</summary>
    public static IEnumerable<RouteSpec> Wanted(NodeNetwork network, IReadOnlyList<NodeRecord> nodes, int uplink)
    {
        // Only so that a node's own packets to a Service find a way at all, and with the node's address; translation then sends them elsewhere.
        yield return new RouteSpec(network.Services) { Link = uplink, Source = network.NodeAddress };
        if (network.NodeAddress6 is { } own)
        {
            yield return new RouteSpec(network.Services6) { Link = uplink, Source = own };
        }

        foreach (var (node, pods) in nodes.SelectMany(node => node.PodNetworks.Select(pods => (node, pods))))
        {
            if (node.Name == network.NodeName)
            {
                yield return new RouteSpec(pods) { Unreachable = true };
            }
            else if (node.Addresses.FirstOrDefault(a => a.AddressFamily == pods.BaseAddress.AddressFamily) is { } gateway)
            {
                yield return new RouteSpec(pods) { Link = uplink, Gateway = gateway };
            }
        }
    }

    // Routes that lead to other nodes, and are not a single Pod's.
    private static bool IsOurs(NodeNetwork network, RouteSpec route) =>
        route.Gateway is not null && (Within(network.Pods, route.Destination, 32) || Within(network.Pods6, route.Destination, 128));

    private static bool Within(IPNetwork pods, IPNetwork destination, int single) =>
        destination.PrefixLength < single && destination.BaseAddress.AddressFamily == pods.BaseAddress.AddressFamily && pods.Contains(destination.BaseAddress);
}
