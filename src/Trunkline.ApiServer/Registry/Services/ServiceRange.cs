using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Trunkline.ApiServer.Registry.Services;

/// <summary>One family's addresses for Services, numbered from the network's own (registry/core/service/ipallocator).</summary>
internal sealed class ServiceRange
{
    // Of an IPv6 network no more is given out: a book of its addresses has to end somewhere.
    private const int MostBits = 16;

    private readonly UInt128 _base;
    private readonly int _last;

    public ServiceRange(IPNetwork network)
    {
        Network = network;
        _base = Number(network.BaseAddress);
        var bits = (IsV6 ? 128 : 32) - network.PrefixLength;
        var size = 1 << (IsV6 ? Math.Min(bits, MostBits) : Math.Min(bits, 30));
        _last = IsV6 ? size - 1 : size - 2; // IPv4's last is for broadcasts; the first is the network's in both
    }

    public IPNetwork Network { get; }

    public string Family => IsV6 ? "IPv6" : "IPv4";

    private bool IsV6 => Network.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6;

    public bool Contains(IPAddress address)
    {
        if (address.AddressFamily != Network.BaseAddress.AddressFamily || !Network.Contains(address))
        {
            return false;
        }

        var offset = Number(address) - _base;
        return offset >= 1 && offset <= (UInt128)_last;
    }

    /// <summary>
    /// A free address, at random. The upper part of the range first, as the real allocator, so that addresses chosen by hand in the lower part stay free. Null: none is left.
    /// </summary>
    public IPAddress? Free(Func<IPAddress, bool> isTaken)
    {
        var reserved = Math.Min(Math.Min(Math.Max((_last + 1) / 16, 16), 256), _last + 1);
        foreach (var (low, high) in ((int, int)[])[(reserved, _last), (1, reserved - 1)])
        {
            var span = high - low + 1;
            var start = span > 0 ? RandomNumberGenerator.GetInt32(span) : 0;
            for (var i = 0; i < span; i++)
            {
                if (At(low + ((start + i) % span)) is var candidate && !isTaken(candidate))
                {
                    return candidate;
                }
            }
        }

        return null;
    }

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
