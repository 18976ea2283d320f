using Trunkline.Sctp.Endpoint;

namespace Trunkline.Sctp.Transports.Native;

/// <summary>The two control messages we need: which address a packet leaves from, and which it came to (RFC 3542 for IPv6).</summary>
internal static class ControlMessage
{
    private const int HeaderSize = 16;

    /// <summary>Asks for a source address: in_pktinfo's spec_dst, or in6_pktinfo's address.</summary>
    internal static int WriteSource(Span<byte> control, SctpAddress source)
    {
        control.Clear();
        if (source.IsIPv4)
        {
            WriteHeader(control, 12, Libc.IpprotoIp, Libc.IpPktinfo);
            source.WriteTo(control[(HeaderSize + 4)..]);
            return HeaderSize + 16;
        }

        WriteHeader(control, 20, Libc.IpprotoIpv6, Libc.Ipv6Pktinfo);
        source.WriteTo(control[HeaderSize..]);
        BitConverter.TryWriteBytes(control[(HeaderSize + 16)..], source.ScopeId);
        return HeaderSize + 24;
    }

    /// <summary>The address a raw IPv6 packet was sent to; a raw IPv4 packet says so itself.</summary>
    internal static bool TryReadDestination(ReadOnlySpan<byte> control, out SctpAddress destination)
    {
        destination = default;
        while (control.Length >= HeaderSize)
        {
            var length = (int)Math.Min(BitConverter.ToUInt64(control), int.MaxValue);
            if (length < HeaderSize || length > control.Length)
            {
                return false;
            }

            var body = control[HeaderSize..length];
            if (BitConverter.ToInt32(control[8..]) == Libc.IpprotoIpv6 && BitConverter.ToInt32(control[12..]) == Libc.Ipv6Pktinfo && body.Length >= 20)
            {
                var linkLocal = body[0] == 0xfe && (body[1] & 0xc0) == 0x80;
                destination = SctpAddress.FromBytes(body[..16], linkLocal ? BitConverter.ToUInt32(body[16..]) : 0);
                return true;
            }

            control = control[Math.Min(control.Length, (length + 7) & ~7)..];
        }

        return false;
    }

    private static void WriteHeader(Span<byte> control, int bodyLength, int level, int type)
    {
        BitConverter.TryWriteBytes(control, (ulong)(HeaderSize + bodyLength));
        BitConverter.TryWriteBytes(control[8..], level);
        BitConverter.TryWriteBytes(control[12..], type);
    }
}
