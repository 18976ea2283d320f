using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Trunkline.Controllers.Nodes;

/// <summary>Cuts the cluster's Pod range into one range a node. The lowest free range is given, so the same nodes in the same order get the same ranges.</summary>
internal sealed class PodCidrAllocator
{
    private readonly uint _first;
    private readonly int _clusterPrefix;
    private readonly int _nodePrefix;

    public PodCidrAllocator(string clusterCidr, int nodePrefix)
    {
        (_first, _clusterPrefix) = Parse(clusterCidr);
        if (nodePrefix < _clusterPrefix || nodePrefix > 30)
        {
            throw new ArgumentOutOfRangeException(nameof(nodePrefix), nodePrefix, $"a node's range must lie between /{_clusterPrefix} and /30");
        }

        _nodePrefix = nodePrefix;
    }

    public int Capacity => 1 << Math.Min(_nodePrefix - _clusterPrefix, 30);

    /// <summary>The lowest range that overlaps none of those used; null when all are taken. Used ranges may have any size.</summary>
    public string? Allocate(IEnumerable<string> used)
    {
        var taken = used.Select(Parse).Select(r => (Start: (ulong)r.First, End: r.First + (1UL << (32 - r.Prefix)))).OrderBy(r => r.Start).ToList();
        var size = 1UL << (32 - _nodePrefix);
        var end = _first + (1UL << (32 - _clusterPrefix));
        var next = (ulong)_first;
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

        return next + size <= end ? Format((uint)next, _nodePrefix) : null;
    }

    private static (uint First, int Prefix) Parse(string cidr)
    {
        if (!IPNetwork.TryParse(cidr, out var network) || network.BaseAddress.AddressFamily != AddressFamily.InterNetwork)
        {
            throw new FormatException($"not an IPv4 range: {cidr}");
        }

        Span<byte> bytes = stackalloc byte[4];
        network.BaseAddress.TryWriteBytes(bytes, out _);
        return (System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes), network.PrefixLength);
    }

    private static string Format(uint first, int prefix) =>
        string.Create(CultureInfo.InvariantCulture, $"{first >> 24}.{(first >> 16) & 255}.{(first >> 8) & 255}.{first & 255}/{prefix}");
}
