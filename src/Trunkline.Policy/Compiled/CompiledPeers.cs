using System.Net;
using System.Net.Sockets;
using Trunkline.Policy.Addresses;

namespace Trunkline.Policy.Compiled;

/// <summary>Everybody a rule's peers mean: Pods as bits, in each family also those at the rule's addresses, and addresses as ranges for whoever is no Pod.</summary>
internal sealed class CompiledPeers
{
    private readonly AddressRange[] _ranges;

    private CompiledPeers(PodSet ipv4, PodSet ipv6, AddressRange[] ranges, HashSet<IPAddress> nodes) => (Ipv4, Ipv6, _ranges, Nodes) = (ipv4, ipv6, ranges, nodes);

    public PodSet Ipv4 { get; }

    public PodSet Ipv6 { get; }

    public IReadOnlyList<AddressRange> Ranges => _ranges;

    public IReadOnlyCollection<IPAddress> NodeAddresses => Nodes;

    private HashSet<IPAddress> Nodes { get; }

    public bool IsEmpty => _ranges.Length == 0 && Nodes.Count == 0 && Ipv4.IsEmpty && Ipv6.IsEmpty;

    public static CompiledPeers Of(PodIndex index, PodSet byLabels, IEnumerable<AddressRange> ranges, IEnumerable<IPAddress> nodes)
    {
        var union = AddressRanges.Union(ranges);
        if (union.Count == 0)
        {
            return new(byLabels, byLabels, [], [.. nodes]);
        }

        var (ipv4, ipv6) = (byLabels.Clone(), byLabels.Clone());
        index.AddAt(ipv4, union, AddressFamily.InterNetwork);
        index.AddAt(ipv6, union, AddressFamily.InterNetworkV6);
        return new(ipv4, ipv6, [.. union], [.. nodes]);
    }

    public static CompiledPeers Union(IReadOnlyList<CompiledPeers> all)
    {
        var ipv4 = all[0].Ipv4.Clone();
        var ipv6 = all[0].Ipv6.Clone();
        foreach (var peers in all.Skip(1))
        {
            ipv4.Or(peers.Ipv4);
            ipv6.Or(peers.Ipv6);
        }

        return new(ipv4, ipv6, [.. AddressRanges.Union(all.SelectMany(peers => peers._ranges))], [.. all.SelectMany(peers => peers.Nodes)]);
    }

    public PodSet In(AddressFamily family) => family == AddressFamily.InterNetwork ? Ipv4 : Ipv6;

    /// <summary>An address that is no Pod's.</summary>
    public bool Contains(IPAddress address)
    {
        if (Nodes.Contains(address))
        {
            return true;
        }

        var number = AddressRange.ToNumber(address);
        var (low, high) = (0, _ranges.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var range = _ranges[middle];
            var order = address.AddressFamily != range.Family ? address.AddressFamily.CompareTo(range.Family)
                : number < range.First ? -1
                : number > range.Last ? 1
                : 0;
            if (order == 0)
            {
                return true;
            }

            (low, high) = order < 0 ? (low, middle - 1) : (middle + 1, high);
        }

        return false;
    }

    /// <summary>Whether everybody here is also there.</summary>
    public bool IsWithin(CompiledPeers other) => Ipv4.IsWithin(other.Ipv4) && Ipv6.IsWithin(other.Ipv6) && Nodes.All(other.Contains)
        && _ranges.All(range => other._ranges.Any(wider => wider.Family == range.Family && wider.First <= range.First && range.Last <= wider.Last));
}
