using System.Buffers.Binary;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Trunkline.Node.Network.Balancers;

/// <summary>The frame by which everybody on the rack learns that an address is at this node now. Pure.</summary>
internal static class Announcement
{
    private const int EthernetHeader = 14, ArpLength = 28, Ipv6Header = 40, AdvertisementLength = 32;
    private const byte IcmpV6 = 58;

    /// <param name="address">The address that has come here.</param>
    /// <param name="hardware">The hardware address of this node's uplink.</param>
    /// <param name="sender">This node's own IPv6 address; where <paramref name="address"/> is IPv4 it is not needed.</param>
    public static byte[] Of(IPAddress address, PhysicalAddress hardware, IPAddress? sender) => address.AddressFamily == AddressFamily.InterNetwork
        ? Arp(address.GetAddressBytes(), hardware.GetAddressBytes())
        : Advertisement(address.GetAddressBytes(), hardware.GetAddressBytes(), (sender ?? address).GetAddressBytes());

    // RFC 5227, 3 and RFC 5944, 4.6: a reply nobody asked for, to all, in which sender and target are the same address.
    private static byte[] Arp(byte[] address, byte[] hardware)
    {
        var frame = new byte[EthernetHeader + ArpLength];
        frame.AsSpan(0, 6).Fill(0xff);
        hardware.CopyTo(frame.AsSpan(6));
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), 0x0806);
        var arp = frame.AsSpan(EthernetHeader);
        ((ReadOnlySpan<byte>)[0, 1, 8, 0, 6, 4, 0, 2]).CopyTo(arp); // Ethernet, IPv4, reply
        hardware.CopyTo(arp[8..]);
        address.CopyTo(arp[14..]);
        hardware.CopyTo(arp[18..]);
        address.CopyTo(arp[24..]);
        return frame;
    }

    // RFC 4861, 7.2.6: an unsolicited neighbour advertisement to all nodes, with the Override flag, from a router.
    private static byte[] Advertisement(byte[] address, byte[] hardware, byte[] sender)
    {
        var frame = new byte[EthernetHeader + Ipv6Header + AdvertisementLength];
        ((ReadOnlySpan<byte>)[0x33, 0x33, 0, 0, 0, 1]).CopyTo(frame);
        hardware.CopyTo(frame.AsSpan(6));
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), 0x86dd);
        var ip = frame.AsSpan(EthernetHeader);
        ip[0] = 0x60;
        BinaryPrimitives.WriteUInt16BigEndian(ip[4..], AdvertisementLength);
        (ip[6], ip[7]) = (IcmpV6, 255); // 255: nobody has forwarded it (RFC 4861, 7.1.2)
        sender.CopyTo(ip[8..]);
        IPAddress.Parse("ff02::1").TryWriteBytes(ip[24..], out _);
        var icmp = ip[Ipv6Header..];
        (icmp[0], icmp[4]) = (136, 0xa0); // Router and Override
        address.CopyTo(icmp[8..]);
        (icmp[24], icmp[25]) = (2, 1); // target link-layer address, in units of eight octets
        hardware.CopyTo(icmp[26..]);
        BinaryPrimitives.WriteUInt16BigEndian(icmp[2..], Checksum(ip));
        return frame;
    }

    // RFC 8200, 8.1: over the pseudo-header (addresses, length, next header) and the message.
    private static ushort Checksum(ReadOnlySpan<byte> packet)
    {
        var sum = (uint)(AdvertisementLength + IcmpV6);
        for (var at = 8; at < packet.Length; at += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(packet[at..]);
        }

        while (sum > 0xffff)
        {
            sum = (sum & 0xffff) + (sum >> 16);
        }

        return (ushort)~sum;
    }
}
