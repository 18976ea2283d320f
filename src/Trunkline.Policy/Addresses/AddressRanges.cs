using System.Net;
using System.Net.Sockets;
using Trunkline.Policy.Model;

namespace Trunkline.Policy.Addresses;

/// <summary>Sets of addresses as sorted runs that neither touch nor overlap: what an interval set of the kernel takes.</summary>
public static class AddressRanges
{
    /// <summary>Both families in one list, IPv4 first.</summary>
    public static IReadOnlyList<AddressRange> Union(IEnumerable<AddressRange> ranges)
    {
        var merged = new List<AddressRange>();
        foreach (var range in ranges.Order())
        {
            // Last + 1 may wrap at the very end of IPv6; what begins after that is nothing.
            if (merged.Count > 0 && merged[^1].Family == range.Family && (range.First <= merged[^1].Last || range.First == merged[^1].Last + 1))
            {
                merged[^1] = merged[^1] with { Last = UInt128.Max(merged[^1].Last, range.Last) };
            }
            else
            {
                merged.Add(range);
            }
        }

        return merged;
    }

    /// <summary>The part of a union that is of one family.</summary>
    public static IEnumerable<AddressRange> In(this IEnumerable<AddressRange> ranges, AddressFamily family) => ranges.Where(range => range.Family == family);

    public static IReadOnlyList<AddressRange> Of(IEnumerable<IPNetwork> networks) => Union(networks.Select(AddressRange.Of));

    /// <summary>A block without its exceptions. Exceptions of the other family take nothing away.</summary>
    public static IReadOnlyList<AddressRange> Of(IpBlock block)
    {
        var whole = AddressRange.Of(block.Cidr);
        var left = new List<AddressRange>();
        var next = whole.First;
        foreach (var hole in Of(block.Except).In(whole.Family))
        {
            if (hole.Last < next || hole.First > whole.Last)
            {
                continue;
            }

            if (hole.First > next)
            {
                left.Add(whole with { First = next, Last = hole.First - 1 });
            }

            // Not Last + 1: at the end of the address space that would begin again at zero.
            if (hole.Last >= whole.Last)
            {
                return left;
            }

            next = hole.Last + 1;
        }

        left.Add(whole with { First = next });
        return left;
    }
}
