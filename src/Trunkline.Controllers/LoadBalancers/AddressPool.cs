using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Trunkline.Controllers.LoadBalancers;

/// <summary>The addresses of one family that load balancers may have.</summary>
internal sealed class AddressPool
{
    private const int MostBits = 16;
    private readonly IPNetwork _network;
    private readonly UInt128 _base;
    private readonly int _count;

    public AddressPool(string cidr)
    {
        _network = IPNetwork.Parse(cidr);
        _base = Number(_network.BaseAddress);
        var size = 1 << Math.Min((IsV6 ? 128 : 32) - _network.PrefixLength, MostBits);
        // A pool may be the upper end of its subnet, whose last IPv4 address is for broadcasts.
        _count = IsV6 || size < 4 ? size : size - 1;
    }

    public string Family => IsV6 ? "IPv6" : "IPv4";

    private bool IsV6 => _network.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6;

    public bool Contains(IPAddress address) =>
        address.AddressFamily == _network.BaseAddress.AddressFamily && _network.Contains(address) && Number(address) - _base < (UInt128)_count;

    /// <summary>The lowest free address, or null.</summary>
    public IPAddress? Free(Func<IPAddress, bool> isTaken) => Enumerable.Range(0, _count).Select(At).FirstOrDefault(address => !isTaken(address));

    public override string ToString() => _network.ToString();

    private IPAddress At(int offset)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, _base + (UInt128)offset);
        return new IPAddress(IsV6 ? bytes : bytes[12..]);
    }

    private static UInt128 Number(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        return length == 16 ? BinaryPrimitives.ReadUInt128BigEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }
}
