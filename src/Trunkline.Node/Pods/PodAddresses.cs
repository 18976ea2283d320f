using System.Net;

namespace Trunkline.Node.Pods;

/// <summary>
/// Gives Pods addresses from the node's podCIDR: the next free one after the last given, so that an address rests before it is used again (peers
/// may still remember who had it). The first of the range is the node's, network and broadcast are nobody's.
/// </summary>
internal sealed class PodAddresses
{
    private readonly Lock _lock = new();
    private readonly HashSet<uint> _used = [];
    private readonly uint _first;
    private readonly uint _last;
    private uint _next;

    public PodAddresses(string podCidr)
    {
        var network = IPNetwork.Parse(podCidr);
        var start = ToNumber(network.BaseAddress);
        var size = 1u << (32 - network.PrefixLength);
        _first = start + 2;
        _last = start + size - 2;
        _next = _first;
    }

    /// <summary>An address that a Pod already has. False where another Pod has it, or it is not of this node's range.</summary>
    public bool TryReserve(IPAddress address)
    {
        lock (_lock)
        {
            var number = ToNumber(address);
            if (number < _first || number > _last || !_used.Add(number))
            {
                return false;
            }

            _next = number == _last ? _first : Math.Max(_next, number + 1);
            return true;
        }
    }

    public IPAddress Allocate()
    {
        lock (_lock)
        {
            for (var tried = _first; tried <= _last; tried++)
            {
                var candidate = _next;
                _next = candidate >= _last ? _first : candidate + 1;
                if (_used.Add(candidate))
                {
                    return ToAddress(candidate);
                }
            }

            throw new InvalidOperationException($"no address is left for a Pod: {_used.Count} are in use");
        }
    }

    public void Release(IPAddress address)
    {
        lock (_lock)
        {
            _used.Remove(ToNumber(address));
        }
    }

    private static uint ToNumber(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[4];
        if (!address.TryWriteBytes(bytes, out var length) || length != 4)
        {
            throw new ArgumentException($"{address} is not an IPv4 address", nameof(address));
        }

        return System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }

    private static IPAddress ToAddress(uint number)
    {
        Span<byte> bytes = stackalloc byte[4];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return new IPAddress(bytes);
    }
}
