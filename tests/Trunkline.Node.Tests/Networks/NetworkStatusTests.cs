using Trunkline.Node.Network.Secondary;
using Xunit;

namespace Trunkline.Node.Tests.Networks;

public sealed class NetworkStatusTests
{
    [Fact]
    public void What_is_written_is_read_again_without_the_default_network()
    {
        AttachedNetwork[] networks = [new("x/left", "net1", ["10.1.1.1", "fd10::1"], "02:00:00:00:00:01"), new("x/right", "net2", [], "02:00:00:00:00:02")];
        var text = NetworkStatus.Write(["10.128.2.5", "fd01::5"], "0a:00:00:00:00:01", networks);
        Assert.StartsWith("[\n    {\n        \"name\": \"trunkline\",\n        \"interface\": \"eth0\",\n        \"ips\": [\n            \"10.128.2.5\",", text, StringComparison.Ordinal);
        Assert.Contains("\"default\": true,\n        \"dns\": {}\n    },", text, StringComparison.Ordinal);
        var read = NetworkStatus.Read(text);
        Assert.Equal(["x/left", "x/right"], read.Select(network => network.Network));
        Assert.Equal(["10.1.1.1", "fd10::1"], read[0].Addresses);
        Assert.Empty(read[1].Addresses);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[1, null, []]")]
    [InlineData("""[{"name": 5}]""")]
    [InlineData("[{")]
    public void What_cannot_be_read_is_nothing(string? text) => Assert.Empty(NetworkStatus.Read(text));

    [Fact]
    public void What_is_no_address_never_reaches_a_rule() =>
        Assert.Equal(["10.1.1.1"], Assert.Single(NetworkStatus.Read("""[{"name": "x/a", "ips": ["10.1.1.1", "} accept", "fe80::1%5", 7]}]""")).Addresses);
}
