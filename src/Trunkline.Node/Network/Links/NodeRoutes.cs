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
        // Translation computes a packet's CRC32c anew, which would make a corrupted one look good: what arrives corrupted is invalid and is not translated.
        Sysctl.Write("net/netfilter/nf_conntrack_checksum", "1");
        // A TCP segment in the middle of nothing makes no flow: else the answer to one of a cut flow would open it again the other way round.
        Sysctl.Write("net/netfilter/nf_conntrack_tcp_loose", "0");
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
        foreach (var (node, pods) in nodes.SelectMany(node => node.PodNetworks.Select(pods => (node, pods))))
        {
            if (node.Name == network.NodeName)
            {
                yield return new RouteSpec(pods) { Unreachable = true };
            }
            else if (node.Addresses.Count > 0)
            {
                yield return new RouteSpec(pods) { Link = uplink, Gateway = node.Addresses[0] };
            }
        }
    }

    private static bool IsOurs(NodeNetwork network, RouteSpec route) =>
        route.Destination.PrefixLength < 32 && route.Gateway is not null && network.Pods.Contains(route.Destination.BaseAddress);
}
