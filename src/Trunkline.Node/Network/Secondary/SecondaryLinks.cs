using Trunkline.Node.Network.Links;
using Trunkline.Node.Network.Netlink;

namespace Trunkline.Node.Network.Secondary;

/// <summary>Makes Pods' interfaces on secondary networks. They end with the Pod's namespace.</summary>
internal sealed class SecondaryLinks : IDisposable
{
    // Two Pods must not make one bridge at the same time.
    private readonly SemaphoreSlim _one = new(1);

    public void Dispose() => _one.Dispose();

    public async Task AttachAsync(SecondaryLink link, string podUid, string netnsPath, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            var (thereIsOne, isBridge) = LookBelow(link, podUid);
            if (link.Kind == SecondaryKind.Bridge && thereIsOne && !isBridge)
            {
                throw new IOException($"network {link.Network}: this node's {link.Below} is no bridge; choose another name");
            }

            await NamespaceCommand.IpAsync(null, SecondaryCommands.InNode(link, podUid, netnsPath, thereIsOne), cancellationToken);
            if (link.Kind == SecondaryKind.Bridge)
            {
                Silence(thereIsOne ? [link.NodeEnd(podUid)] : [link.NodeEnd(podUid), link.Below]);
            }
        }
        finally
        {
            _one.Release();
        }

        NamespaceThread.Run(netnsPath, () =>
        {
            foreach (var (name, value) in SecondaryCommands.Switches(link))
            {
                Sysctl.Write(name, value);
            }
        });
        await NamespaceCommand.IpAsync(netnsPath, SecondaryCommands.InPod(link), cancellationToken);
    }

    // An attempt that failed half way may have left the node's end of a cable whose Pod end died with the namespace.
    private static (bool ThereIsOne, bool IsBridge) LookBelow(SecondaryLink link, string podUid)
    {
        using var netlink = new RouteNetlink();
        if (link.Kind == SecondaryKind.Bridge)
        {
            netlink.DeleteLink(link.NodeEnd(podUid));
        }

        var there = netlink.IndexOf(link.Below) is not null;
        return there || link.Kind == SecondaryKind.Bridge
            ? (there, Directory.Exists($"/proc/sys/net/ipv4/conf/{link.Below}") && Directory.Exists($"/sys/class/net/{link.Below}/bridge"))
            : throw new IOException($"network {link.Network}: this node has no {link.Below}");
    }

    // The node itself is nobody on a secondary network: no IPv6, no answer to ARP, nothing forwarded.
    private static void Silence(IEnumerable<string> links)
    {
        foreach (var link in links)
        {
            Sysctl.Write($"net/ipv6/conf/{link}/disable_ipv6", "1");
            Sysctl.Write($"net/ipv4/conf/{link}/arp_ignore", "8");
            Sysctl.Write($"net/ipv4/conf/{link}/forwarding", "0");
        }

        foreach (var family in (string[])["iptables", "ip6tables", "arptables"])
        {
            // Bridged packets must not pass the node's ip hooks: its rules know nothing of these networks.
            Sysctl.Write($"net/bridge/bridge-nf-call-{family}", "0");
        }
    }
}
