using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Trunkline.Controllers.Nodes;

/// <summary>
/// Cuts the cluster's Pod range of one family into one range a node. The lowest free range is given, so the same nodes in the same order get the same ranges.
/// </summary>
internal sealed class PodCidrAllocator
{
    private readonly UInt128 _first;
    private readonly AddressFamily _family;
    private readonly int _clusterPrefix;
    private readonly int _nodePrefix;
    private readonly int _bits;

    public PodCidrAllocator(string clusterCidr, int nodePrefix)
    {
        (_first, _clusterPrefix, _family) = Parse(clusterCidr);
        _bits = _family == AddressFamily.InterNetworkV6 ? 128 : 32;
        if (nodePrefix < _clusterPrefix || nodePrefix > _bits - 2)
        {
            throw new ArgumentOutOfRangeException(nameof(nodePrefix), nodePrefix, $"a node's range must lie between /{_clusterPrefix} and /{_bits - 2}");
        }

        _nodePrefix = nodePrefix;
    }

    public int Capacity => 1 << Math.Min(_nodePrefix - _clusterPrefix, 30);

    /// <summary>Whether a range is of this family.</summary>
    public bool Knows(string cidr) => IPNetwork.TryParse(cidr, out var network) && network.BaseAddress.AddressFamily == _family;

    /// <summary>The lowest range that overlaps none of those used; null when all are taken. Used ranges may have any size.</summary>
    public string? Allocate(IEnumerable<string> used)
    {
        var taken = used.Where(Knows).Select(Parse).Select(r => (Start: r.First, End: r.First + (UInt128.One << (_bits - r.Prefix)))).OrderBy(r => r.Start).ToList();
        var size = UInt128.One << (_bits - _nodePrefix);
        var end = _first + (UInt128.One << (_bits - _clusterPrefix));
        var next = _first;
        foreach (var (start, stop) in taken)
        {
            if (start >= next + size)
            {
                break;
            }

            if (stop > next)
            {
                next = (stop + size - 1) / size * size;
            }
        }

        return next + size <= end ? Format(next) : null;
    }

    private static (UInt128 First, int Prefix, AddressFamily Family) Parse(string cidr)
    {
        if (!IPNetwork.TryParse(cidr, out var network))
        {
            throw new FormatException($"not a range of addresses: {cidr}");
        }

        Span<byte> bytes = stackalloc byte[16];
        network.BaseAddress.TryWriteBytes(bytes, out var length);
        return (length == 16 ? BinaryPrimitives.ReadUInt128BigEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes), network.PrefixLength,
            network.BaseAddress.AddressFamily);
    }

    private string Format(UInt128 first)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, first);
        return $"{new IPAddress(_bits == 128 ? bytes : bytes[12..])}/{_nodePrefix}";
    }
}
