using System.Buffers.Binary;
using System.Net;

namespace Trunkline.Policy.Addresses;

/// <summary>A run of IPv4 addresses, both ends included.</summary>
public readonly record struct Ipv4Range(uint First, uint Last) : IComparable<Ipv4Range>
{
    public static Ipv4Range Of(IPAddress address) => new(ToNumber(address), ToNumber(address));

    public static Ipv4Range Of(IPNetwork network)
    {
        var first = ToNumber(network.BaseAddress);
        return new(first, network.PrefixLength == 0 ? uint.MaxValue : first | (uint)((1UL << (32 - network.PrefixLength)) - 1));
    }

    public static uint ToNumber(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[4];
        address.TryWriteBytes(bytes, out _);
        return BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }

    public int CompareTo(Ipv4Range other) => First != other.First ? First.CompareTo(other.First) : Last.CompareTo(other.Last);

    /// <summary>As nftables writes an interval.</summary>
    public override string ToString() => First == Last ? Text(First) : $"{Text(First)}-{Text(Last)}";

    private static string Text(uint number) => $"{number >> 24}.{(number >> 16) & 255}.{(number >> 8) & 255}.{number & 255}";

    public static bool operator <(Ipv4Range left, Ipv4Range right) => left.CompareTo(right) < 0;

    public static bool operator >(Ipv4Range left, Ipv4Range right) => left.CompareTo(right) > 0;

    public static bool operator <=(Ipv4Range left, Ipv4Range right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Ipv4Range left, Ipv4Range right) => left.CompareTo(right) >= 0;
}
