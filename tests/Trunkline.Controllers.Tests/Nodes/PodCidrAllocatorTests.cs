using System.Net;
using CsCheck;
using Trunkline.Controllers.Nodes;

namespace Trunkline.Controllers.Tests.Nodes;

public class PodCidrAllocatorTests
{
    [Theory]
    [InlineData("", "10.128.0.0/23")]
    [InlineData("10.128.0.0/23", "10.128.2.0/23")]
    [InlineData("10.128.2.0/23", "10.128.0.0/23")]
    [InlineData("10.128.0.0/23 10.128.4.0/23", "10.128.2.0/23")]
    [InlineData("10.128.4.0/23 10.128.0.0/23 10.128.2.0/23", "10.128.6.0/23")]
    [InlineData("10.128.0.0/24", "10.128.2.0/23")]
    [InlineData("10.128.0.0/20", "10.128.16.0/23")]
    [InlineData("10.0.0.0/8", null)]
    public void Gives_the_lowest_free_range(string used, string? expected) =>
        Assert.Equal(expected, new PodCidrAllocator("10.128.0.0/14", 23).Allocate(used.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    [Fact]
    public void Gives_every_range_once_and_then_none()
    {
        var allocator = new PodCidrAllocator("10.128.0.0/28", 30);
        var used = new List<string>();
        while (allocator.Allocate(used) is { } range)
        {
            used.Add(range);
        }

        Assert.Equal(["10.128.0.0/30", "10.128.0.4/30", "10.128.0.8/30", "10.128.0.12/30"], used);
        Assert.Equal(4, allocator.Capacity);
    }

    [Fact]
    public void Never_overlaps_what_is_used() => Gen.Int[0, 511].List[0, 64].Sample(slots =>
    {
        var used = slots.Distinct().Select(s => $"10.{128 + (s >> 7)}.{(s << 1) & 255}.0/23").ToList();
        var got = IPNetwork.Parse(new PodCidrAllocator("10.128.0.0/14", 23).Allocate(used)!);
        return used.All(u => !IPNetwork.Parse(u).Contains(got.BaseAddress)) && IPNetwork.Parse("10.128.0.0/14").Contains(got.BaseAddress);
    });

    [Theory]
    [InlineData("", "fd01::/64")]
    [InlineData("fd01::/64 10.128.0.0/23", "fd01:0:0:1::/64")]
    [InlineData("fd01:0:0:1::/64", "fd01::/64")]
    [InlineData("fd01::/63 fd01:0:0:3::/64", "fd01:0:0:2::/64")]
    [InlineData("fd01::/48", null)]
    public void Gives_IPv6_ranges_the_same_way(string used, string? expected) =>
        Assert.Equal(expected, new PodCidrAllocator("fd01::/48", 64).Allocate(used.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    [Fact]
    public void Refuses_nonsense()
    {
        Assert.Throws<FormatException>(() => new PodCidrAllocator("10.128.0.0", 23));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PodCidrAllocator("fd00::/48", 127));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PodCidrAllocator("10.128.0.0/14", 13));
    }
}
