using k8s.Models;
using Trunkline.Node.Network.Services;
using Xunit;

namespace Trunkline.Node.Tests.Network.Services;

public sealed class ServiceReaderTests
{
    [Theory]
    [InlineData("192.168.126.200/24", "192.168.126.0/24")]
    [InlineData(" 10.1.2.3/9 ", "10.0.0.0/9")]
    [InlineData("10.1.2.3/0", "0.0.0.0/0")]
    [InlineData("10.1.2.3/32", "10.1.2.3/32")]
    [InlineData("fd00:126::200/64", "fd00:126::/64")]
    [InlineData("fd00:126::2ff/121", "fd00:126::280/121")]
    [InlineData("fd00::/8", "fd00::/8")]
    public void A_source_range_with_bits_of_a_host_is_its_network(string text, string network) =>
        Assert.Equal(network, $"{Assert.Single(Ranges(text))}");

    [Theory]
    [InlineData("10.0.0.0")]
    [InlineData("10.0.0.0/33")]
    [InlineData("fd00::/129")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.0/8/8")]
    [InlineData("x/8")]
    public void What_is_no_range_allows_nobody(string text) => Assert.Empty(Ranges(text));

    [Fact]
    public void The_two_slices_of_a_Pod_name_it_alike_and_one_without_a_Pod_names_nobody()
    {
        var first = Pod(new V1ObjectReference { Kind = "Pod", NamespaceProperty = "x", Name = "p", Uid = "u-1" });
        Assert.NotEqual(0UL, first);
        Assert.Equal(first, Pod(new V1ObjectReference { Kind = "Pod", NamespaceProperty = "x", Name = "p", Uid = "u-1" }));
        Assert.NotEqual(first, Pod(new V1ObjectReference { Kind = "Pod", NamespaceProperty = "x", Name = "p", Uid = "u-2" }));
        Assert.Equal(Pod(new V1ObjectReference { Kind = "Pod", NamespaceProperty = "x", Name = "p" }), Pod(new V1ObjectReference { Kind = "Pod", NamespaceProperty = "x", Name = "p" }));
        Assert.Equal(0UL, Pod(null));
    }

    private static ulong Pod(V1ObjectReference? target) => ServiceReader.Of(new V1EndpointSlice
    {
        AddressType = "IPv4",
        Metadata = new V1ObjectMeta { Name = "s", NamespaceProperty = "x" },
        Endpoints = [new V1Endpoint { Addresses = ["10.128.2.5"], TargetRef = target }],
    }).Endpoints[0].Pod;

    private static IReadOnlyList<System.Net.IPNetwork> Ranges(string text) => ServiceReader.Of(new V1Service
    {
        Metadata = new V1ObjectMeta { Name = "s", NamespaceProperty = "x" },
        Spec = new V1ServiceSpec { Type = "LoadBalancer", LoadBalancerSourceRanges = [text] },
    }).SourceRanges!;
}
