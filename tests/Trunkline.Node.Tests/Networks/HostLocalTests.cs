using System.Net;
using Trunkline.Node.Network.Secondary;
using Xunit;

namespace Trunkline.Node.Tests.Networks;

/// <summary>Addresses of secondary networks that the node itself gives.</summary>
public sealed class HostLocalTests : IDisposable
{
    private static readonly IReadOnlyList<IReadOnlyList<HostLocalRange>> s_small = [[Range("10.9.0.0/29", "10.9.0.1", "10.9.0.3"), Range("10.9.1.0/29", "10.9.1.5", "10.9.1.6")]];
    private readonly string _directory = Directory.CreateTempSubdirectory("host-local").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Each_Pod_has_its_own_until_it_goes_and_none_is_given_again_at_once()
    {
        Assert.Equal(["10.9.0.2/29 10.9.0.1", "10.9.0.3/29 10.9.0.1", "10.9.1.5/29 10.9.1.1"], new[] { "a", "b", "c" }.Select(Given)); // the gateway's is nobody's
        Assert.Equal("10.9.0.3/29 10.9.0.1", Given("b")); // attached again: the same
        new HostLocal(_directory).Release("b"); // by another agent, from the disk
        Assert.Equal("10.9.1.6/29 10.9.1.1", Given("d"));
        Assert.Equal("10.9.0.3/29 10.9.0.1", Given("e"));
        Assert.Contains("no address is left in 10.9.0.1-10.9.0.3, 10.9.1.5-10.9.1.6", Assert.Throws<IOException>(() => Given("f")).Message, StringComparison.Ordinal);
        new HostLocal(_directory).Release("f");
        new HostLocal(_directory).Release("a");
        Assert.Equal("10.9.0.2/29 10.9.0.1", Given("f"));
    }

    [Fact]
    public void Networks_and_families_are_apart_and_each_set_gives_one()
    {
        IReadOnlyList<IReadOnlyList<HostLocalRange>> both = [[Range("10.9.0.0/29", "10.9.0.2", "10.9.0.3")], [Range("fd10::/64", "fd10::2", "fd10::ffff")]];
        Assert.Equal(["10.9.0.2", "fd10::2"], new HostLocal(_directory).Allocate("x/one", both, "a", "net1").Select(item => $"{item.Address}"));
        Assert.Equal(["10.9.0.3", "fd10::3"], new HostLocal(_directory).Allocate("x/one", both, "a", "net2").Select(item => $"{item.Address}"));
        Assert.Equal(["10.9.0.2", "fd10::2"], new HostLocal(_directory).Allocate("x/two", both, "a", "net3").Select(item => $"{item.Address}"));
        Assert.Throws<IOException>(() => new HostLocal(_directory).Allocate("x/one", both, "b", "net1"));
        new HostLocal(_directory).Release("a");
        Assert.Equal(["10.9.0.2", "fd10::4"], new HostLocal(_directory).Allocate("x/one", both, "b", "net1").Select(item => $"{item.Address}"));
    }

    [Fact]
    public void A_range_that_was_changed_gives_what_is_in_it_now()
    {
        Assert.Equal("10.9.0.2/29 10.9.0.1", Given("a"));
        IReadOnlyList<IReadOnlyList<HostLocalRange>> moved = [[Range("10.8.0.0/29", "10.8.0.2", "10.8.0.3")]];
        Assert.Equal("10.8.0.2", $"{new HostLocal(_directory).Allocate("x/n", moved, "a", "net1")[0].Address}");
    }

    private string Given(string uid)
    {
        var given = Assert.Single(new HostLocal(_directory).Allocate("x/n", s_small, uid, "net1"));
        return $"{given.Address}/{given.PrefixLength} {given.Gateway}";
    }

    private static HostLocalRange Range(string subnet, string start, string end) =>
        new(IPNetwork.Parse(subnet), IPAddress.Parse(start), IPAddress.Parse(end), IpNumber.Address(IpNumber.Of(IPNetwork.Parse(subnet).BaseAddress) + 1, IPNetwork.Parse(subnet).BaseAddress.AddressFamily));
}
