using Trunkline.Node.Pods.Networks;
using Xunit;

namespace Trunkline.Node.Tests.Networks;

/// <summary>The annotation by which a Pod asks for networks, in both of its forms.</summary>
public sealed class NetworkSelectionTests
{
    [Theory]
    [InlineData(null, "")]
    [InlineData("  ", "")]
    [InlineData("a", "x/a net1")]
    [InlineData("a,other/b@eth5, c", "x/a net1; other/b eth5; x/c net3")]
    [InlineData("[]", "")]
    [InlineData("""[{"name":"a"},{"name":"b","namespace":"other","interface":"sig0"}]""", "x/a net1; other/b sig0")]
    public void Both_forms_name_networks_and_interfaces(string? annotation, string expected) =>
        Assert.Equal(expected, string.Join("; ", NetworkSelectionReader.Read(annotation, "x").Select(network => $"{network.FullName} {network.Interface}")));

    [Fact]
    public void The_long_form_carries_wishes()
    {
        var network = Assert.Single(NetworkSelectionReader.Read("""[{"name":"a","ips":["10.1.1.1/24","fd10::1/64"],"mac":"02:00:00:00:00:01","default-route":["10.1.1.254"]}]""", "x"));
        Assert.Equal(["10.1.1.1/24", "fd10::1/64"], network.Addresses);
        Assert.Equal("02:00:00:00:00:01", network.Mac);
        Assert.Equal(["10.1.1.254"], network.DefaultRoute);
    }

    [Theory]
    [InlineData("a/b/c", "is not of the form")]
    [InlineData("a@b@c", "is not of the form")]
    [InlineData("A;reboot", "is not of the form")]
    [InlineData("a,", "is not of the form")]
    [InlineData("a@eth0", "asks for an interface")]
    [InlineData("a@lo", "asks for an interface")]
    [InlineData("a@0123456789abcdef", "asks for an interface")]
    [InlineData("a@x y", "asks for an interface")]
    [InlineData("a@s1,b@s1", "two interfaces of the name s1")]
    [InlineData("a@net2,b", "two interfaces of the name net2")]
    [InlineData("[{", "no JSON list")]
    [InlineData("[1]", "no JSON list")]
    [InlineData("""[{"name":1}]""", "no JSON list")]
    [InlineData("""[{"name":"a","ips":"10.1.1.1/24"}]""", "no JSON list")]
    [InlineData("""[{"namespace":"a"}]""", "without a valid name")]
    [InlineData("""[{"name":"a","bandwidth":{}}]""", "the field \"bandwidth\"")]
    [InlineData("a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a", "17 networks")]
    public void What_is_wrong_is_said(string annotation, string words) =>
        Assert.Contains(words, Assert.Throws<NetworkAttachmentException>(() => NetworkSelectionReader.Read(annotation, "x")).Message, StringComparison.Ordinal);
}
