using System.Net.Sockets;
using Trunkline.Policy.Model;

namespace Trunkline.Policy.Addresses;

/// <summary>Sets of addresses as sorted runs that neither touch nor overlap: what an interval set of the kernel takes.</summary>
public static class Ipv4Ranges
{
    public static IReadOnlyList<Ipv4Range> Union(IEnumerable<Ipv4Range> ranges)
    {
        var merged = new List<Ipv4Range>();
        foreach (var range in ranges.Order())
        {
            if (merged.Count > 0 && range.First <= (ulong)merged[^1].Last + 1)
            {
                merged[^1] = new(merged[^1].First, Math.Max(merged[^1].Last, range.Last));
            }
            else
            {
                merged.Add(range);
            }
        }

        return merged;
    }

    /// <summary>A block without its exceptions. A block of the other family is empty here.</summary>
    public static IReadOnlyList<Ipv4Range> Of(IpBlock block)
    {
        if (block.Cidr.BaseAddress.AddressFamily != AddressFamily.InterNetwork)
        {
            return [];
        }

        var whole = Ipv4Range.Of(block.Cidr);
        var left = new List<Ipv4Range>();
        var next = (ulong)whole.First;
        foreach (var hole in Union(block.Except.Where(e => e.BaseAddress.AddressFamily == AddressFamily.InterNetwork).Select(Ipv4Range.Of)))
        {
            if (hole.Last < next || hole.First > whole.Last)
            {
                continue;
            }

            if (hole.First > next)
            {
                left.Add(new((uint)next, hole.First - 1));
            }

            next = (ulong)hole.Last + 1;
        }

        if (next <= whole.Last)
        {
            left.Add(new((uint)next, whole.Last));
        }

        return left;
    }
}
