using System.Net;
using System.Net.Sockets;
using Trunkline.Policy.Addresses;
using Trunkline.Policy.Model;
using Xunit;

namespace Trunkline.Policy.Tests;

public sealed class CidrTests
{
    [Theory]
    [InlineData("10.0.0.0/8", "10.0.0.0/8")]
    [InlineData("10.1.2.3/8", "10.0.0.0/8")]
    [InlineData("010.001.002.003/32", "10.1.2.3/32")]
    [InlineData("0.0.0.0/0", "0.0.0.0/0")]
    [InlineData("fd01::1:2/64", "fd01::/64")]
    [InlineData("::/0", "::/0")]
    [InlineData("::ffff:10.1.2.3/104", "10.0.0.0/8")]
    public void Is_read_as_Kubernetes_reads_it(string text, string expected)
    {
        Assert.True(Cidr.TryParse(text, out var network));
        Assert.Equal(expected, $"{network}");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("10.0.0.0")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0/8")]
    [InlineData("0x0a.0.0.0/8")]
    [InlineData("fd01::/129")]
    [InlineData("fe80::1%eth0/64")]
    [InlineData("/8")]
    [InlineData("10.0.0.0/8/8")]
    public void Or_not_at_all(string? text) => Assert.False(Cidr.TryParse(text, out _));

    [Theory]
    [InlineData("fd01::/64", "fd01::/65", "fd01::8000:0:0:0-fd01::ffff:ffff:ffff:ffff")]
    [InlineData("::/0", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128", "::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe")]
    [InlineData("::/0", "::/0", "")]
    [InlineData("fd01::/126", "fd01::1/128 10.0.0.0/8", "fd01:: fd01::2-fd01::3")]
    [InlineData("10.0.0.0/30", "fd01::/64", "10.0.0.0-10.0.0.3")]
    public void Blocks_of_IPv6_are_cut_like_those_of_IPv4_and_families_stay_apart(string cidr, string except, string expected)
    {
        var block = new IpBlock(IPNetwork.Parse(cidr), [.. except.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(IPNetwork.Parse)]);
        Assert.Equal(expected, string.Join(' ', AddressRanges.Of(block)));
    }

    [Fact]
    public void The_last_address_of_one_family_does_not_touch_the_first_of_the_other()
    {
        var union = AddressRanges.Of([IPNetwork.Parse("::/128"), IPNetwork.Parse("255.255.255.255/32"), IPNetwork.Parse("ffff::/16"), IPNetwork.Parse("fffe::/16")]);
        Assert.Equal("255.255.255.255 :: fffe::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", string.Join(' ', union));
        Assert.Single(union.In(AddressFamily.InterNetwork));
        Assert.True(union[2].Contains(IPAddress.Parse("ffff::9")) && !union[2].Contains(IPAddress.Parse("1.2.3.4")));
    }
}
