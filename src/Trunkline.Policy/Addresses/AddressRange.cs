using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Trunkline.Policy.Addresses;

/// <summary>A run of addresses of one family, both ends included. Families never mix: IPv4 sorts before IPv6 and does not touch it.</summary>
public readonly record struct AddressRange(AddressFamily Family, UInt128 First, UInt128 Last) : IComparable<AddressRange>
{
    public static AddressRange Of(IPAddress address) => new(address.AddressFamily, ToNumber(address), ToNumber(address));

    public static AddressRange Of(IPNetwork network)
    {
        var family = network.BaseAddress.AddressFamily;
        var hostBits = Bits(family) - network.PrefixLength;
        var hosts = hostBits == 128 ? UInt128.MaxValue : (UInt128.One << hostBits) - 1;
        var first = ToNumber(network.BaseAddress) & ~hosts;
        return new(family, first, first | hosts);
    }

    public static UInt128 ToNumber(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        return length == 4 ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    public static IPAddress ToAddress(AddressFamily family, UInt128 number)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, number);
        return new IPAddress(family == AddressFamily.InterNetwork ? bytes[12..] : bytes);
    }

    public bool Contains(IPAddress address) => address.AddressFamily == Family && ToNumber(address) is var number && First <= number && number <= Last;

    public int CompareTo(AddressRange other) => Family != other.Family ? Family.CompareTo(other.Family)
        : First != other.First ? First.CompareTo(other.First)
        : Last.CompareTo(other.Last);

    /// <summary>As nftables writes an interval.</summary>
    public override string ToString() => First == Last ? $"{ToAddress(Family, First)}" : $"{ToAddress(Family, First)}-{ToAddress(Family, Last)}";

    private static int Bits(AddressFamily family) => family == AddressFamily.InterNetwork ? 32 : 128;

    public static bool operator <(AddressRange left, AddressRange right) => left.CompareTo(right) < 0;

    public static bool operator >(AddressRange left, AddressRange right) => left.CompareTo(right) > 0;

    public static bool operator <=(AddressRange left, AddressRange right) => left.CompareTo(right) <= 0;

    public static bool operator >=(AddressRange left, AddressRange right) => left.CompareTo(right) >= 0;
}
