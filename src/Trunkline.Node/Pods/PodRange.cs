using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Trunkline.Node.Pods;

/// <summary>
/// The addresses of one family that a node has for Pods: given in order, the next free one after the last given, so that an address rests before it is used again (peers may
/// still remember who had it). The first of the range is the node's, network and broadcast are nobody's. Not for several threads at once.
/// </summary>
internal sealed class PodRange
{
    // Of an IPv6 range, the part that is used: more than a node has Pods in its life.
    private const int MostBits = 20;

    private readonly HashSet<uint> _used = [];
    private readonly IPNetwork _network;
    private readonly UInt128 _base;
    private readonly uint _last;
    private uint _next = First;

    private const uint First = 2;

    public PodRange(string podCidr)
    {
        _network = IPNetwork.Parse(podCidr);
        _base = ToNumber(_network.BaseAddress);
        _last = (1u << Math.Min((IsV6 ? 128 : 32) - _network.PrefixLength, MostBits)) - 2;
    }

    private bool IsV6 => _network.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6;

    public bool TryReserve(IPAddress address)
    {
        if (Offset(address) is not { } number || !_used.Add(number))
        {
            return false;
        }

        _next = number == _last ? First : Math.Max(_next, number + 1);
        return true;
    }

    /// <summary>Null: all are in use.</summary>
    public IPAddress? Allocate()
    {
        for (var tried = First; tried <= _last; tried++)
        {
            var candidate = _next;
            _next = candidate >= _last ? First : candidate + 1;
            if (_used.Add(candidate))
            {
                return ToAddress(candidate);
            }
        }

        return null;
    }

    public void Release(IPAddress address)
    {
        if (Offset(address) is { } number)
        {
            _used.Remove(number);
        }
    }

    /// <summary>Whether it is one that this range gives.</summary>
    public bool Contains(IPAddress address) => Offset(address) is not null;

    private uint? Offset(IPAddress address)
    {
        if (address.AddressFamily != _network.BaseAddress.AddressFamily || !_network.Contains(address))
        {
            return null;
        }

        var offset = ToNumber(address) - _base;
        return offset >= First && offset <= _last ? (uint)offset : null;
    }

    private static UInt128 ToNumber(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        return length == 16 ? BinaryPrimitives.ReadUInt128BigEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }

    private IPAddress ToAddress(uint offset)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, _base + offset);
        return new IPAddress(IsV6 ? bytes : bytes[12..]);
    }
}
