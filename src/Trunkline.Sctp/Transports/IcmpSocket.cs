using System.Buffers.Binary;
using Trunkline.Sctp.Endpoint;
using Trunkline.Sctp.Transports.Native;

namespace Trunkline.Sctp.Transports;

/// <summary>
/// ICMP errors of one family. A raw ICMP socket and not the error queue of the SCTP socket: only here the quoted source address comes along,
/// and an error for one peer does not fail the next send to another.
/// </summary>
internal sealed unsafe class IcmpSocket : IDisposable
{
    private const int Unreachable = 3, TimeExceeded = 11, ParameterProblem = 12;
    private const int Burst = 8;
    private readonly MessageVector _incoming = new(Burst, 2048);
    private readonly bool _ipv4;

    internal IcmpSocket(bool ipv4)
    {
        _ipv4 = ipv4;
        var type = Libc.SockRaw | Libc.SockCloexec | Libc.SockNonblock;
        Descriptor = Libc.Check(
            Libc.Socket(ipv4 ? Libc.AfInet : Libc.AfInet6, type, ipv4 ? Libc.IpprotoIcmp : Libc.IpprotoIcmpv6), "socket");
        if (ipv4)
        {
            // A set bit keeps a type out.
            Libc.SetOption(Descriptor, Libc.IpprotoRaw, Libc.IcmpFilter, ~((1 << Unreachable) | (1 << TimeExceeded) | (1 << ParameterProblem)));
        }
        else
        {
            BlockInformational();
        }
    }

    internal int Descriptor { get; private set; }

    internal bool Receive(SctpEndpoint endpoint, long now)
    {
        _incoming.PrepareReceive();
        var count = Libc.ReceiveMany(Descriptor, _incoming.Headers, Burst, Libc.MsgDontwait, null);
        for (var i = 0; i < count; i++)
        {
            var reporter = SocketAddressBytes.Read(_incoming.Name(i));
            if (_ipv4)
            {
                DeliverIPv4(_incoming.Received(i), reporter, endpoint, now);
            }
            else
            {
                DeliverIPv6(_incoming.Received(i), reporter, endpoint, now);
            }
        }

        return count == Burst;
    }

    public void Dispose()
    {
        if (Descriptor >= 0)
        {
            _ = Libc.Close(Descriptor);
            Descriptor = -1;
        }

        _incoming.Dispose();
    }

    /// <summary>RFC 792. Raw sockets get packets before ICMP's own checksum is looked at, so it is looked at here.</summary>
    private static void DeliverIPv4(ReadOnlySpan<byte> bytes, SctpAddress reporter, SctpEndpoint endpoint, long now)
    {
        if (!IpHeader.TryReadIPv4(bytes, out var outer) || outer.Payload.Length < 8 || Checksum(outer.Payload) != 0xffff)
        {
            return;
        }

        var icmp = outer.Payload;
        if (IpHeader.TryReadIPv4(icmp[8..], out var quoted) && quoted.IsSctp)
        {
            var mtu = icmp[0] == Unreachable && icmp[1] == 4 ? BinaryPrimitives.ReadUInt16BigEndian(icmp[6..]) : 0;
            endpoint.ReceiveIcmp(new IcmpError(icmp[0], icmp[1], mtu, reporter, quoted.Source, quoted.Destination, quoted.Payload), now);
        }
    }

    /// <summary>RFC 4443. The kernel has checked the checksum of ICMPv6.</summary>
    private static void DeliverIPv6(ReadOnlySpan<byte> icmp, SctpAddress reporter, SctpEndpoint endpoint, long now)
    {
        if (icmp.Length >= 8 && IpHeader.TryReadIPv6(icmp[8..], out var quoted) && quoted.IsSctp)
        {
            var mtu = icmp[0] == 2 ? (int)Math.Min(BinaryPrimitives.ReadUInt32BigEndian(icmp[4..]), 65535) : 0;
            endpoint.ReceiveIcmp(new IcmpError(icmp[0], icmp[1], mtu, reporter, quoted.Source, quoted.Destination, quoted.Payload), now);
        }
    }

    private static int Checksum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (; bytes.Length >= 2; bytes = bytes[2..])
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(bytes);
        }

        sum += bytes.Length == 1 ? (uint)bytes[0] << 8 : 0;
        sum = (sum & 0xffff) + (sum >> 16);
        return (int)((sum & 0xffff) + (sum >> 16));
    }

    // RFC 3542 section 3.2: 256 bits, a set bit keeps a type out on Linux. Types below 128 are errors.
    private void BlockInformational()
    {
        var filter = stackalloc uint[8] { 0, 0, 0, 0, uint.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue };
        _ = Libc.Check(Libc.SetSockOpt(Descriptor, Libc.IpprotoIcmpv6, Libc.Icmpv6Filter, filter, 32), "setsockopt");
    }
}
