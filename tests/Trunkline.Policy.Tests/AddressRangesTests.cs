using System.Net;
using Trunkline.Policy.Addresses;
using Trunkline.Policy.Model;
using Xunit;

namespace Trunkline.Policy.Tests;

public sealed class AddressRangesTests
{
    [Theory]
    [InlineData("10.0.0.0/24", "", "10.0.0.0-10.0.0.255")]
    [InlineData("10.0.0.0/24", "10.0.0.0/25", "10.0.0.128-10.0.0.255")]
    [InlineData("10.0.0.0/24", "10.0.0.0/24", "")]
    [InlineData("10.0.0.0/24", "10.0.0.5/32 10.0.0.7/32", "10.0.0.0-10.0.0.4 10.0.0.6 10.0.0.8-10.0.0.255")]
    [InlineData("0.0.0.0/0", "255.255.255.255/32", "0.0.0.0-255.255.255.254")]
    [InlineData("0.0.0.0/0", "0.0.0.0/1", "128.0.0.0-255.255.255.255")]
    public void A_block_is_cut_at_its_exceptions(string cidr, string except, string expected)
    {
        var block = new IpBlock(IPNetwork.Parse(cidr), [.. except.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(IPNetwork.Parse)]);
        Assert.Equal(expected, string.Join(' ', AddressRanges.Of(block)));
    }

    [Fact]
    public void Neighbours_and_overlaps_become_one_range()
    {
        var ranges = new[] { "10.0.0.2", "10.0.0.1", "10.0.0.9", "10.0.0.1" }.Select(text => AddressRange.Of(IPAddress.Parse(text)));
        Assert.Equal("10.0.0.1-10.0.0.2 10.0.0.9", string.Join(' ', AddressRanges.Union(ranges)));
    }

    [Fact]
    public void Ranges_contain_exactly_what_the_block_contains()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var round = 0; round < 200; round++)
        {
            IPNetwork Network(int least) => Align(new IPAddress([10, 0, 0, (byte)random.Next(256)]), random.Next(least, 33));
            var block = new IpBlock(Network(24), [.. Enumerable.Range(0, random.Next(4)).Select(_ => Network(26))]);
            var ranges = AddressRanges.Of(block);
            for (var last = 0; last < 256; last++)
            {
                var address = new IPAddress([10, 0, 0, (byte)last]);
                var number = AddressRange.ToNumber(address);
                Assert.True(block.Contains(address) == ranges.Any(range => range.First <= number && number <= range.Last), $"seed {seed}: {address} in {block}");
            }
        }
    }

    private static IPNetwork Align(IPAddress address, int prefix)
    {
        var bytes = address.GetAddressBytes();
        bytes[3] = (byte)(bytes[3] & (0xFF << (32 - prefix)));
        return new IPNetwork(new IPAddress(bytes), prefix);
    }
}
