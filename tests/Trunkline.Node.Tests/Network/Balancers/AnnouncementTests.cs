using System.Net;
using System.Net.NetworkInformation;
using Trunkline.Node.Network.Balancers;
using Xunit;

namespace Trunkline.Node.Tests.Network.Balancers;

public sealed class AnnouncementTests
{
    private static readonly PhysicalAddress s_hardware = PhysicalAddress.Parse("02-00-00-00-00-0B");

    [Fact]
    public void An_IPv4_address_is_told_by_a_reply_to_all_about_itself() => Assert.Equal(
        "FFFFFFFFFFFF02000000000B0806" + "0001080006040002" + "02000000000BC0A87EE0" + "02000000000BC0A87EE0",
        Convert.ToHexString(Announcement.Of(IPAddress.Parse("192.168.126.224"), s_hardware, null)));

    // The checksum was computed by hand from RFC 8200, 8.1: the whole, with it, sums up to all ones.
    [Fact]
    public void An_IPv6_address_is_told_by_an_advertisement_that_overrides()
    {
        var frame = Announcement.Of(IPAddress.Parse("fd00:126::e0"), s_hardware, IPAddress.Parse("fd00:126::11"));
        Assert.Equal("33330000000102000000000B86DD", Convert.ToHexString(frame[..14]));
        Assert.Equal("6000000000203AFF" + "FD000126000000000000000000000011" + "FF020000000000000000000000000001", Convert.ToHexString(frame[14..54]));
        Assert.Equal("8800", Convert.ToHexString(frame[54..56]));
        Assert.Equal("A0000000" + "FD0001260000000000000000000000E0" + "020102000000000B", Convert.ToHexString(frame[58..]));
        var sum = 32 + 58;
        for (var at = 22; at < frame.Length; at += 2)
        {
            sum += (frame[at] << 8) | frame[at + 1];
        }

        Assert.Equal(0xffff, (sum & 0xffff) + (sum >> 16));
    }
}
