using System.Diagnostics;
using System.Globalization;
using System.Net;
using Trunkline.Node.Network;
using Trunkline.Node.Network.Cluster;
using Trunkline.Node.Network.Links;
using Trunkline.Node.Network.Netlink;
using Xunit;

namespace Trunkline.Node.IntegrationTests.Network;

/// <summary>Cables and routes of both families, in namespaces of their own, without any rules.</summary>
public sealed class DualLinksTests : IAsyncLifetime
{
    private static int s_count;
    private readonly string _prefix = $"tldl{Environment.ProcessId}x{Interlocked.Increment(ref s_count)}";
    private readonly List<string> _namespaces = [];

    private string Node => _prefix + "-node";

    public async ValueTask InitializeAsync()
    {
        foreach (var name in (string[])["-node", "-a", "-b"])
        {
            await RunAsync("ip", "netns", "add", _prefix + name);
            _namespaces.Add(_prefix + name);
        }

        await RunAsync("ip", "-n", Node, "link", "set", "lo", "up");
        await RunAsync("ip", "-n", Node, "link", "add", "eth0", "type", "bridge");
        await RunAsync("ip", "-n", Node, "link", "set", "eth0", "up");
        await RunAsync("ip", "-n", Node, "addr", "add", "192.168.126.11/24", "dev", "eth0");
        await RunAsync("ip", "-n", Node, "addr", "add", "fd00:126::11/64", "dev", "eth0", "nodad");
        InNode(NodeRoutes.PrepareNode);
        Attach("-a", "10.128.2.5", "fd01:0:0:1::5");
        Attach("-b", "10.128.2.6", "fd01:0:0:1::6");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var name in _namespaces)
        {
            await RunAsync("ip", "netns", "delete", name);
        }
    }

    [Fact]
    public async Task Pods_reach_each_other_and_their_node_in_both_families_and_say_nothing_by_themselves()
    {
        foreach (var (from, to) in ((string, string)[])[("-a", "10.128.2.6"), ("-a", "fd01:0:0:1::6"), ("-b", "fd00:126::11"), ("-node", "fd01:0:0:1::5")])
        {
            await RunAsync("ip", "netns", "exec", _prefix + from, "ping", "-c", "1", "-W", "5", to);
        }

        // Echo requests and their answers only: no neighbour is searched, no router asked for, no group told of.
        var sent = await CountersAsync("-a", "/proc/net/snmp6");
        Assert.Equal((2, 1, 1), (sent["Icmp6OutMsgs"], sent["Icmp6OutEchos"], sent["Icmp6OutEchoReplies"]));
        var down = await CountersAsync("-node", $"/proc/net/dev_snmp6/{PodLinkName.Of(_prefix + "-a")}");
        Assert.Equal((0, 0, 0), (down["Icmp6OutMLDv2Reports"], down["Icmp6OutNeighborSolicits"], down["Icmp6OutRouterSolicits"]));
    }

    [Fact]
    public async Task Attaching_twice_is_attaching_once_and_detaching_gives_both_addresses_and_leaves_nothing()
    {
        Attach("-a", "10.128.2.5", "fd01:0:0:1::5");
        await RunAsync("ip", "netns", "exec", _prefix + "-b", "ping", "-c", "1", "-W", "5", "fd01:0:0:1::5");
        Assert.Equal(["10.128.2.5", "fd01:0:0:1::5"], InNode(() => PodLinks.Detach(_prefix + "-a")).Select(ip => ip.ToString()));
        Assert.Empty(InNode(() => PodLinks.Detach(_prefix + "-a")));
        Assert.DoesNotContain("fd01:0:0:1::5", await RunAsync("ip", "-n", Node, "-6", "route"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Routes_of_both_families_come_and_go_and_those_to_single_Pods_stay()
    {
        var network = new NodeNetwork("worker-0", IPAddress.Parse("192.168.126.11")) { NodeAddress6 = IPAddress.Parse("fd00:126::11") };
        NodeRecord[] both =
        [
            new("worker-0", network.NodeAddresses, [IPNetwork.Parse("10.128.2.0/23"), IPNetwork.Parse("fd01:0:0:1::/64")]),
            new("worker-1", [IPAddress.Parse("192.168.126.12"), IPAddress.Parse("fd00:126::12")], [IPNetwork.Parse("10.128.4.0/23"), IPNetwork.Parse("fd01:0:0:2::/64")]),
        ];
        InNode(() => NodeRoutes.Apply(network, both));
        InNode(() => NodeRoutes.Apply(network, both));
        var routes = await RunAsync("ip", "-n", Node, "-6", "route");
        Assert.Contains("fd01:0:0:2::/64 via fd00:126::12 dev eth0", routes, StringComparison.Ordinal);
        Assert.Contains("unreachable fd01:0:0:1::/64", routes, StringComparison.Ordinal);
        Assert.Contains("fd02::/112 dev eth0 proto static src fd00:126::11", routes, StringComparison.Ordinal);
        InNode(() => NodeRoutes.Apply(network, both[..1]));
        var fewer = await RunAsync("ip", "-n", Node, "-6", "route");
        Assert.DoesNotContain("fd00:126::12", fewer, StringComparison.Ordinal);
        Assert.Contains("fd01:0:0:1::5 dev", fewer, StringComparison.Ordinal);
    }

    private void Attach(string pod, params string[] addresses) =>
        InNode(() => PodLinks.Attach(_prefix + pod, $"/run/netns/{_prefix}{pod}", [.. addresses.Select(IPAddress.Parse)]));

    private void InNode(Action work) => NamespaceThread.Run($"/run/netns/{Node}", work);

    private T InNode<T>(Func<T> work) => NamespaceThread.Run($"/run/netns/{Node}", work);

    private async Task<Dictionary<string, long>> CountersAsync(string machine, string file) =>
        (await RunAsync("ip", "netns", "exec", _prefix + machine, "cat", file)).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)).ToDictionary(pair => pair[0], pair => long.Parse(pair[1], CultureInfo.InvariantCulture));

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new IOException($"{program} {string.Join(' ', arguments)}: {output}{await error}");
    }
}
