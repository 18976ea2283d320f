using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Trunkline.Sctp.Endpoint;

/// <summary>An IPv4 or IPv6 address as a value: no allocation to hold, hash or compare. The default value is "any address of either family".</summary>
public readonly struct SctpAddress : IEquatable<SctpAddress>
{
    private readonly ulong _high;
    private readonly ulong _low;
    private readonly uint _scope;
    private readonly byte _family;

    private SctpAddress(ulong high, ulong low, uint scope, byte family)
    {
        _high = high;
        _low = low;
        _scope = scope;
        _family = family;
    }

    public static SctpAddress AnyIPv4 { get; } = FromIPv4(0);

    public static SctpAddress AnyIPv6 { get; } = new(0, 0, 0, 6);

    public bool IsIPv4 => _family == 4;

    public bool IsIPv6 => _family == 6;

    /// <summary>True for the default value, 0.0.0.0 and ::.</summary>
    public bool IsAny => _high == 0 && _low == 0;

    /// <summary>The interface of a link-local IPv6 address, 0 where there is none.</summary>
    public uint ScopeId => _scope;

    public static SctpAddress FromIPv4(uint hostOrder) => new(0, hostOrder, 0, 4);

    /// <summary>Takes 4 (IPv4) or 16 (IPv6) bytes in network order; an IPv4-mapped IPv6 address becomes IPv4.</summary>
    public static SctpAddress FromBytes(ReadOnlySpan<byte> bytes, uint scopeId = 0)
    {
        if (bytes.Length == 4)
        {
            return FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes));
        }

        ArgumentOutOfRangeException.ThrowIfNotEqual(bytes.Length, 16, nameof(bytes));
        var high = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        var low = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        return high == 0 && low >> 32 == 0xffff ? FromIPv4((uint)low) : new SctpAddress(high, low, scopeId, 6);
    }

    public static SctpAddress FromIPAddress(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var written);
        var scope = address.AddressFamily == AddressFamily.InterNetworkV6 ? (uint)address.ScopeId : 0;
        return FromBytes(bytes[..written], scope);
    }

    public static SctpAddress Parse(string text) => FromIPAddress(IPAddress.Parse(text));

    /// <summary>Writes 4 or 16 bytes in network order and says how many.</summary>
    public int WriteTo(Span<byte> destination)
    {
        if (_family == 4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)_low);
            return 4;
        }

        BinaryPrimitives.WriteUInt64BigEndian(destination, _high);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _low);
        return 16;
    }

    public IPAddress ToIPAddress()
    {
        Span<byte> bytes = stackalloc byte[16];
        var written = WriteTo(bytes);
        return written == 4 ? new IPAddress(bytes[..4]) : new IPAddress(bytes, _scope);
    }

    /// <summary>RFC 9260 section 8.4 rule 1: packets from or to anything else are dropped in silence.</summary>
    public bool IsUnicast => _family switch
    {
        4 => _low != 0 && _low < 0xe0000000,
        6 => !IsAny && _high >> 56 != 0xff,
        _ => false,
    };

    public bool Equals(SctpAddress other) =>
        _high == other._high && _low == other._low && _family == other._family && _scope == other._scope;

    public override bool Equals(object? obj) => obj is SctpAddress other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(_high, _low, _family, _scope);

    public override string ToString() => _family == 0 ? "*" : ToIPAddress().ToString();

    public static bool operator ==(SctpAddress left, SctpAddress right) => left.Equals(right);

    public static bool operator !=(SctpAddress left, SctpAddress right) => !left.Equals(right);
}
