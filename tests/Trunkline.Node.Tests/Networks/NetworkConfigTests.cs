using Trunkline.Node.Network.Secondary;
using Trunkline.Node.Pods.Networks;
using Xunit;

namespace Trunkline.Node.Tests.Networks;

/// <summary>CNI configurations → the commands that make an interface, or the words that refuse it.</summary>
public sealed class NetworkConfigTests
{
    private const string Taking = """ "capabilities": {"ips": true, "mac": true}, "ipam": {"type": "static"} """;

    [Fact]
    public void A_macvlan_stands_on_the_second_rack()
    {
        var link = Read($$"""{"type": "macvlan", {{Taking}} }""", new NetworkSelection("x", "a") { Interface = "net1", Addresses = ["10.1.1.1/24", "fd10::1/64"], Mac = "02:00:00:00:00:0A" });
        Assert.Equal(["link add link eth1 name net1 netns /n/1 address 02:00:00:00:00:0a type macvlan mode bridge"], SecondaryCommands.InNode(link, "uid", "/n/1", true));
        Assert.Equal(["addr add 10.1.1.1/24 dev net1", "addr add fd10::1/64 dev net1 nodad", "link set net1 up"], SecondaryCommands.InPod(link));
        Assert.Contains(("net/ipv6/conf/net1/disable_ipv6", "0"), SecondaryCommands.Switches(link));
    }

    [Fact]
    public void A_bridge_is_made_when_it_is_not_there_and_gets_a_cable()
    {
        var link = Read("""
            {"cniVersion": "0.4.0", "plugins": [{"type": "bridge", "bridge": "br9", "mtu": 1400, "hairpinMode": true,
             "ipam": {"type": "static", "addresses": [{"address": "10.9.0.5/24", "gateway": "10.9.0.1"}], "routes": [{"dst": "10.10.0.0/16"}, {"dst": "10.11.0.0/16", "gw": "10.9.0.2"}]}}]}
            """);
        var made = SecondaryCommands.InNode(link, "uid", "/n/1", bridgeIsThere: false);
        var end = link.NodeEnd("uid");
        Assert.Matches("^n[0-9a-f]{14}$", end);
        Assert.Equal("link add br9 type bridge forward_delay 0", made[0]);
        Assert.StartsWith($"link add {end} mtu 1400 type veth peer name net1 address 0a:58:", made[1], StringComparison.Ordinal);
        Assert.Contains($"link set {end} master br9", made);
        Assert.Contains($"link set {end} type bridge_slave hairpin on", made);
        Assert.Equal(made.Skip(1), SecondaryCommands.InNode(link, "uid", "/n/1", bridgeIsThere: true));
        Assert.Equal(
            ["addr add 10.9.0.5/24 dev net1", "link set net1 up", "route add 10.10.0.0/16 via 10.9.0.1 dev net1", "route add 10.11.0.0/16 via 10.9.0.2 dev net1"],
            SecondaryCommands.InPod(link));
        Assert.Contains(("net/ipv6/conf/net1/disable_ipv6", "1"), SecondaryCommands.Switches(link));
    }

    [Fact]
    public void Ips_of_the_Pod_take_the_place_of_the_configurations()
    {
        const string Config = """{"type": "macvlan", "capabilities": {"ips": true}, "ipam": {"type": "static", "addresses": [{"address": "10.9.0.5/24"}]}}""";
        Assert.Equal("10.9.0.5", $"{Assert.Single(Read(Config).Addresses).Address}");
        Assert.Equal("10.9.0.6", $"{Assert.Single(Read(Config, new NetworkSelection("x", "a") { Interface = "net1", Addresses = ["10.9.0.6/24"] }).Addresses).Address}");
    }

    [Fact]
    public void Without_ipam_a_network_is_Ethernet_alone() => Assert.Empty(Read("""{"type": "macvlan"}""").Addresses);

    [Fact]
    public void Fields_that_ask_for_nothing_and_those_that_are_always_so_are_taken()
    {
        var link = Read("""
            {"cniVersion": "1.0.0", "name": "x", "type": "bridge", "bridge": "br1", "isGateway": false, "ipMasq": false, "vlan": 0, "vlanTrunk": [], "macspoofchk": true, "preserveDefaultVlan": false,
             "portIsolation": true, "dns": {}, "enabledad": false}
            """);
        Assert.Contains($"link set {link.NodeEnd("uid")} type bridge_slave isolated on", SecondaryCommands.InNode(link, "uid", "/n/1", bridgeIsThere: true));
    }

    // As CNI's plugins: the first of two wins, the own network's route is there already, a default stands behind eth0's, and bits beyond the prefix do not count.
    [Fact]
    public void Routes_of_ipam_never_stand_in_the_way_of_one_another()
    {
        var link = Read("""
            {"type": "macvlan", "ipam": {"type": "static", "addresses": [{"address": "10.9.0.5/24", "gateway": "10.9.0.1"}, {"address": "fd10::5/64", "gateway": "fd10::1"}],
             "routes": [{"dst": "10.10.3.4/16"}, {"dst": "10.10.0.0/16", "gw": "10.9.0.2"}, {"dst": "10.9.0.0/24"}, {"dst": "0.0.0.0/0"}, {"dst": "fd11::9/48"}, {"dst": "::/0"}]}}
            """);
        Assert.Equal(
            ["route add 10.10.0.0/16 via 10.9.0.1 dev net1", "route add 0.0.0.0/0 via 10.9.0.1 dev net1 metric 20000", "route add fd11::/48 via fd10::1 dev net1", "route add ::/0 via fd10::1 dev net1 metric 20000"],
            SecondaryCommands.InPod(link).Where(command => command.StartsWith("route", StringComparison.Ordinal)));
    }

    [Fact]
    public void Host_local_ipam_has_ranges_and_a_gateway_for_its_routes()
    {
        var link = Read("""
            {"type": "bridge", "bridge": "br1", "ipam": {"type": "host-local", "ranges": [[{"subnet": "10.9.0.0/24", "rangeStart": "10.9.0.20", "rangeEnd": "10.9.0.30"}, {"subnet": "10.9.1.0/29", "gateway": "10.9.1.6"}],
             [{"subnet": "fd10::/64"}]], "routes": [{"dst": "10.0.0.0/8"}]}}
            """);
        Assert.Equal(["10.9.0.20-10.9.0.30 10.9.0.1", "10.9.1.1-10.9.1.6 10.9.1.6"], link.Ranges[0].Select(range => $"{range.Start}-{range.End} {range.Gateway}"));
        Assert.Equal("fd10::1-fd10::ffff:ffff:ffff:ffff fd10::1", Assert.Single(link.Ranges[1].Select(range => $"{range.Start}-{range.End} {range.Gateway}")));
        Assert.Contains("route add 10.0.0.0/8 via 10.9.0.1 dev net1", SecondaryCommands.InPod(link));
        Assert.Equal("10.9.2.1-10.9.2.254 10.9.2.1", Assert.Single(Read("""{"type": "macvlan", "ipam": {"type": "host-local", "subnet": "10.9.2.0/24"}}""").Ranges[0]
            .Select(range => $"{range.Start}-{range.End} {range.Gateway}")));
    }

    [Theory]
    [InlineData("", "has no spec.config")]
    [InlineData("{", "no CNI configuration")]
    [InlineData("[]", "no CNI configuration")]
    [InlineData("""{"type": 5}""", "no CNI configuration")]
    [InlineData("""{"type": "sriov"}""", "of type \"sriov\", which this node does not serve; use \"macvlan\"")]
    [InlineData("""{"type": "macvlan", "master": "ens4"}""", "master \"ens4\"")]
    [InlineData("""{"type": "macvlan", "master": "eth1 up"}""", "master \"eth1 up\"")]
    [InlineData("""{"type": "macvlan", "mode": "source"}""", "mode \"source\"")]
    [InlineData("""{"type": "macvlan", "mtu": 12}""", "mtu 12")]
    [InlineData("""{"type": "bridge", "bridge": "br 1"}""", "cannot be a bridge's name")]
    [InlineData("""{"type": "bridge", "bridge": "eth0"}""", "cannot be a bridge's name")]
    [InlineData("""{"type": "bridge", "isGateway": true}""", "asks for isGateway")]
    [InlineData("""{"type": "bridge", "vlan": 100}""", "asks for vlan")]
    [InlineData("""{"type": "macvlan", "ipam": {"type": "whereabouts"}}""", "ipam of type \"whereabouts\"")]
    [InlineData("""{"type": "macvlan", "ipam": {"type": "static"}}""", "static ipam without addresses")]
    [InlineData("""{"type": "macvlan", "ipam": {"type": "static", "addresses": [{"address": "10.1.1.1"}]}}""", "needs its prefix length")]
    [InlineData("""{"type": "macvlan", "ipam": {"type": "static", "addresses": [{"address": "10.1.1/24"}]}}""", "is no address")]
    [InlineData("""{"type": "macvlan", "ipam": {"type": "static", "addresses": [{"address": "10.1.1.1/33"}]}}""", "needs its prefix length")]
    [InlineData("""{"type": "macvlan", "ipam": {"type": "static", "addresses": [{"address": "10.1.1.1/24"}], "routes": [{"dst": "any"}]}}""", "is no network")]
    [InlineData("""{"type": "macvlan", "ipam": {"type": "static", "addresses": [{"address": "10.1.1.1/24"}], "routes": [{"dst": "10.2.0.0/16", "gw": "fd00::1"}]}}""", "of the other family")]
    [InlineData("""{"plugins": [{"type": "macvlan"}, {"type": "tuning"}]}""", "chains 2 plugins")]
    [InlineData("""{"type": "bridge", "bridge": "lb0"}""", "cannot be a bridge's name")]
    [InlineData("""{"type": "bridge", "bridge": "pbr"}""", "cannot be a bridge's name")]
    [InlineData("""{"type": "bridge", "bridge": "n0123456789abcd"}""", "cannot be a bridge's name")]
    [InlineData("""{"type": "bridge", "bridge": "all"}""", "cannot be a bridge's name")]
    [InlineData("""{"type": "bridge", "vlanTrunk": [{"id": 1}]}""", "asks for vlanTrunk")]
    [InlineData("""{"type": "bridge", "promiscMode": true}""", "asks for promiscMode")]
    [InlineData("""{"type": "bridge", "disableContainerInterface": true}""", "asks for disableContainerInterface")]
    [InlineData("""{"type": "bridge", "forceAddress": true}""", "asks for forceAddress")]
    [InlineData("""{"type": "bridge", "enabledad": true}""", "asks for enabledad")]
    [InlineData("""{"type": "bridge", "something": "new"}""", "asks for something, which this node does not serve; it knows")]
    [InlineData("""{"type": "bridge", "dns": {"nameservers": ["1.1.1.1"]}}""", "asks for dns")]
    [InlineData("""{"type": "macvlan", "linkInContainer": true}""", "asks for linkInContainer")]
    [InlineData("""{"type": "macvlan", "bcqueuelen": 9}""", "asks for bcqueuelen")]
    [InlineData("""{"plugins": [{"type": "macvlan"}], "args": {"cni": {"x": "y"}}}""", "asks for args")]
    [InlineData("""{"type": "macvlan", "ipam": {"type": "static", "addresses": [{"address": "10.1.1.1/24", "label": "x"}]}}""", "asks for ipam.addresses.label")]
    [InlineData("""{"type": "macvlan", "ipam": {"type": "static", "addresses": [{"address": "10.1.1.1/24"}], "routes": [{"dst": "10.2.0.0/16", "table": 5}]}}""", "asks for ipam.routes.table")]
    [InlineData("""{"type": "macvlan", "ipam": {"type": "static", "dns": {"domain": "x"}}}""", "asks for ipam.dns")]
    [InlineData("""{"type": "macvlan", "ipam": {"type": "host-local"}}""", "without a range")]
    [InlineData("""{"type": "macvlan", "ipam": {"type": "host-local", "ranges": [[]]}}""", "without a range")]
    [InlineData("""{"type": "macvlan", "ipam": {"type": "host-local", "subnet": "10.1.0.0/31"}}""", "no network of at least four addresses")]
    [InlineData("""{"type": "macvlan", "ipam": {"type": "host-local", "subnet": "10.1.0.0/24", "rangeStart": "10.2.0.1"}}""", "no address of 10.1.0.0/24")]
    [InlineData("""{"type": "macvlan", "ipam": {"type": "host-local", "subnet": "10.1.0.0/24", "rangeStart": "10.1.0.9", "rangeEnd": "10.1.0.8"}}""", "in which there is none")]
    [InlineData("""{"type": "macvlan", "ipam": {"type": "host-local", "ranges": [[{"subnet": "10.1.0.0/24"}, {"subnet": "fd10::/64"}]]}}""", "both families in one set")]
    [InlineData("""{"type": "macvlan", "ipam": {"type": "host-local", "ranges": [[{"subnet": "10.1.0.0/24", "vlan": 5}]]}}""", "asks for ipam.ranges.vlan")]
    public void What_is_not_served_is_refused_in_words(string config, string words) =>
        Assert.Contains(words, Assert.Throws<NetworkAttachmentException>(() => Read(config)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"type": "macvlan", "ipam": {"type": "static"}}""", "add \"capabilities\": {\"ips\": true}")]
    [InlineData("""{"type": "macvlan", "capabilities": {"ips": true}}""", "has no ipam")]
    public void Wishes_that_would_be_dropped_in_silence_are_refused(string config, string words) =>
        Assert.Contains(words, Assert.Throws<NetworkAttachmentException>(() => Read(config, new NetworkSelection("x", "a") { Interface = "net1", Addresses = ["10.1.1.1/24"] })).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("01:00:00:00:00:01")]
    [InlineData("02:00:00:00:00")]
    [InlineData("02:00:00:00:00:0g")]
    public void A_mac_is_one_hosts(string mac) =>
        Assert.Contains("no hardware address", Assert.Throws<NetworkAttachmentException>(
            () => Read($$"""{"type": "macvlan", {{Taking}} }""", new NetworkSelection("x", "a") { Interface = "net1", Mac = mac, Addresses = ["10.1.1.1/24"] })).Message, StringComparison.Ordinal);

    private static SecondaryLink Read(string config, NetworkSelection? selection = null) =>
        NetworkConfigReader.Read(selection ?? new NetworkSelection("x", "a") { Interface = "net1" }, config);
}
