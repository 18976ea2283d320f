using System.Buffers.Binary;
using Trunkline.Sctp.Endpoint;
using Trunkline.Sctp.Transports.Native;

namespace Trunkline.Sctp.Transports;

/// <summary>An IP header and what follows it, read from untrusted bytes (also from those an ICMP error quotes, which are cut short).</summary>
internal readonly ref struct IpHeader
{
    private IpHeader(SctpAddress source, SctpAddress destination, int protocol, ReadOnlySpan<byte> payload)
    {
        Source = source;
        Destination = destination;
        Protocol = protocol;
        Payload = payload;
    }

    internal SctpAddress Source { get; }

    internal SctpAddress Destination { get; }

    internal int Protocol { get; }

    internal ReadOnlySpan<byte> Payload { get; }

    /// <summary>RFC 791 section 3.1. A total length beyond the bytes at hand is taken as cut short.</summary>
    internal static bool TryReadIPv4(ReadOnlySpan<byte> bytes, out IpHeader header)
    {
        header = default;
        if (bytes.Length < 20 || bytes[0] >> 4 != 4)
        {
            return false;
        }

        var headerLength = (bytes[0] & 15) * 4;
        var totalLength = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        if (headerLength < 20 || headerLength > bytes.Length || totalLength < headerLength)
        {
            return false;
        }

        var payload = bytes[headerLength..Math.Min(totalLength, bytes.Length)];
        header = new IpHeader(SctpAddress.FromBytes(bytes.Slice(12, 4)), SctpAddress.FromBytes(bytes.Slice(16, 4)), bytes[9], payload);
        return true;
    }

    /// <summary>RFC 8200 section 3. Extension headers are not followed: our own packets have none, and only those may be quoted.</summary>
    internal static bool TryReadIPv6(ReadOnlySpan<byte> bytes, out IpHeader header)
    {
        header = default;
        if (bytes.Length < 40 || bytes[0] >> 4 != 6)
        {
            return false;
        }

        header = new IpHeader(SctpAddress.FromBytes(bytes.Slice(8, 16)), SctpAddress.FromBytes(bytes.Slice(24, 16)), bytes[6], bytes[40..]);
        return true;
    }

    internal bool IsSctp => Protocol == Libc.IpprotoSctp;
}
