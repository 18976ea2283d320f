using System.Buffers.Binary;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Trunkline.Node.Network.Secondary;

/// <summary>
/// What a Pod may send on a secondary network whatever made the frame (a socket of any kind, AF_PACKET too): from its own hardware address, and where the network gave it
/// addresses, from its own (those of its other networks too: a multihomed SCTP sends from any of them on any path), with ARP and neighbour advertisements about those of this
/// very network. At the interface's egress, the last thing before the wire. Pure.
/// </summary>
internal static class SecondarySources
{
    private const string Table = "netdev trunkline";

    public static string Script(NetworkedPod pod) => $"add table {Table}\ndelete table {Table}\ntable {Table} {{\n"
        + string.Concat(pod.Networks.Select((network, i) => Chain($"from_{i}", network, pod))) + "}\n";

    private static string Chain(string name, AttachedNetwork network, NetworkedPod pod) =>
        $"  chain {name} {{\n    type filter hook egress device \"{network.Interface}\" priority 0;\n{string.Concat(Rules(network, pod).Select(rule => $"    {rule}\n"))}  }}\n";

    private static IEnumerable<string> Rules(AttachedNetwork network, NetworkedPod pod)
    {
        var mac = PhysicalAddress.Parse(network.Mac.Replace(':', '-').ToUpperInvariant()).GetAddressBytes();

        // "ether saddr" asks for the type of the interface a packet came by, and these came by none.
        yield return $"@ll,48,48 != 0x{Convert.ToHexStringLower(mac)} counter drop";
        if (network.Addresses.Count == 0)
        {
            yield break; // Ethernet alone: what is said on it is the Pods' own affair
        }

        var addresses = network.Addresses.Select(IPAddress.Parse).ToLookup(address => address.AddressFamily);
        var own = network.Addresses.Concat(pod.Home).Concat(pod.Networks.SelectMany(other => other.Addresses)).Distinct().Select(IPAddress.Parse).ToLookup(address => address.AddressFamily);
        if (addresses[AddressFamily.InterNetwork].ToList() is { Count: > 0 } four)
        {
            yield return $"ip saddr {{ {string.Join(", ", own[AddressFamily.InterNetwork])} }} accept";
            yield return $"meta protocol arp @nh,64,48 0x{Convert.ToHexStringLower(mac)} @nh,112,32 {{ {string.Join(", ", four.Select(Number).Append("0x0"))} }} accept";
        }

        if (addresses[AddressFamily.InterNetworkV6].ToList() is { Count: > 0 } some)
        {
            var six = some.Append(LinkLocal(mac)).ToList();
            yield return "icmpv6 type { nd-router-advert, nd-redirect } counter drop";
            yield return $"icmpv6 type nd-neighbor-advert @th,64,128 != {{ {string.Join(", ", six.Select(Number))} }} counter drop";
            yield return $"ip6 saddr {{ {string.Join(", ", own[AddressFamily.InterNetworkV6].Append(LinkLocal(mac)))} }} accept";
            yield return "ip6 saddr :: icmpv6 type { nd-neighbor-solicit, mld2-listener-report } accept";
        }

        yield return "counter drop";
    }

    // As the kernel makes it (RFC 4291, appendix A).
    private static IPAddress LinkLocal(byte[] mac) =>
        new([0xFE, 0x80, 0, 0, 0, 0, 0, 0, (byte)(mac[0] ^ 2), mac[1], mac[2], 0xFF, 0xFE, mac[3], mac[4], mac[5]]);

    private static string Number(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        return bytes.Length == 4 ? $"0x{BinaryPrimitives.ReadUInt32BigEndian(bytes):x}" : $"0x{Convert.ToHexStringLower(bytes)}";
    }
}
