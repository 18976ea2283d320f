using System.Net;
using System.Net.Sockets;
using Trunkline.Node.IntegrationTests.Kernel;
using Trunkline.Node.Network.Links;
using Trunkline.Node.Network.Netlink;

namespace Trunkline.Node.IntegrationTests.Witnesses;

/// <summary>
/// worker-0 with cables to real Pod namespaces of several clusters, and beyond its uplink a namespace that stands for everybody else: the other node, its Pods, a host
/// outside.
/// </summary>
internal sealed class PacketNode : IAsyncDisposable
{
    private const ushort DeleteFlows = 0x102;
    private readonly Dictionary<IPAddress, RawPort> _ports = [];
    private readonly List<string> _namespaces = [];
    private RulesNode _rules = null!;

    public RulesNode Rules => _rules;

    public NodeRoutesView Routes { get; } = new();

    public static async Task<PacketNode> StartAsync(int clusters, int podsEach)
    {
        var node = new PacketNode { _rules = await RulesNode.StartAsync() };
        NamespaceThread.Run($"/run/netns/{node._rules.Netns}", NodeRoutes.PrepareNode);
        await node.AddOutsideAsync(clusters);
        for (var cluster = 0; cluster < clusters; cluster++)
        {
            for (var pod = 0; pod < podsEach; pod++)
            {
                await node.AddPodAsync(cluster, pod);
            }
        }

        node._ports[Place.Own[0]] = node._ports[Place.Own[1]] = new RawPort(node._rules.Netns, behindFilters: true);
        node.Routes.Own(Place.Own[0]).Own(Place.Own[1]).Network("0.0.0.0/0", Place.Uplink).Network("::/0", Place.Uplink);
        return node;
    }

    /// <summary>A Pod's namespace; also its UID.</summary>
    public string NetnsOf(int cluster, int pod) => $"{_rules.Netns}-{cluster}-{pod}";

    public RawPort At(IPAddress address) => _ports[address];

    public IEnumerable<RawPort> Ports => _ports.Values.Distinct();

    /// <summary>Every known flow is forgotten, so that each round begins with none.</summary>
    public void ForgetFlows() => NamespaceThread.Run($"/run/netns/{_rules.Netns}", () =>
    {
        using var socket = new NetlinkSocket(NetlinkSocket.Netfilter);
        foreach (byte family in (byte[])[2, 10])
        {
            socket.Do(new NetlinkRequest("forget all flows", DeleteFlows, NetlinkRequest.Acknowledge, [family, 0, 0, 0]));
        }
    });

    public async ValueTask DisposeAsync()
    {
        foreach (var port in Ports)
        {
            port.Dispose();
        }

        await _rules.DisposeAsync();
        foreach (var name in _namespaces)
        {
            await RulesNode.RunAsync("ip", "netns", "delete", name);
        }
    }

    private async Task AddOutsideAsync(int clusters)
    {
        var (node, outside) = (_rules.Netns, $"{_rules.Netns}-out");
        await NamespaceAsync(outside);
        await IpAsync(node, $"link add eth0 type veth peer name eth0 netns {outside}");
        foreach (var netns in (string[])[node, outside])
        {
            await IpAsync(netns, "link set lo up");
            await IpAsync(netns, "link set eth0 up");
        }

        await AddressesAsync(node, "eth0", Place.Own, "24", "64");
        await AddressesAsync(outside, "eth0", Place.Other, "24", "64");
        await AddressesAsync(outside, "eth0", Place.Outside, "24", "64");
        for (var cluster = 0; cluster < clusters; cluster++)
        {
            await AddressesAsync(outside, "lo", Place.Pod(cluster, 100), "32", "128");
        }

        await IpAsync(outside, $"route add 10.128.0.0/16 via {Place.Own[0]}");
        await IpAsync(outside, $"-6 route add fd01::/64 via {Place.Own[1]}");
        await IpAsync(node, $"route add 10.129.0.0/16 via {Place.Other[0]}");
        await IpAsync(node, $"-6 route add fd01:0:0:1::/64 via {Place.Other[1]}");
        var port = new RawPort(outside, behindFilters: false);
        foreach (var address in Place.Other.Concat(Place.Outside).Concat(Enumerable.Range(0, clusters).SelectMany(cluster => Place.Pod(cluster, 100))))
        {
            _ports[address] = port;
        }
    }

    private async Task AddPodAsync(int cluster, int pod)
    {
        var name = NetnsOf(cluster, pod);
        await NamespaceAsync(name);
        NamespaceThread.Run($"/run/netns/{_rules.Netns}", () => PodLinks.Attach(name, $"/run/netns/{name}", Place.Pod(cluster, pod)));
        var port = new RawPort(name, behindFilters: false);
        foreach (var address in Place.Pod(cluster, pod))
        {
            _ports[address] = port;
            Routes.Host(address, PodLinkName.Of(name));
        }
    }

    private static async Task AddressesAsync(string netns, string link, IPAddress[] addresses, string prefix, string prefix6)
    {
        foreach (var address in addresses)
        {
            await IpAsync(netns, address.AddressFamily == AddressFamily.InterNetwork ? $"addr add {address}/{prefix} dev {link}" : $"addr add {address}/{prefix6} dev {link} nodad");
        }
    }

    private async Task NamespaceAsync(string name)
    {
        await RulesNode.RunAsync("ip", "netns", "add", name);
        _namespaces.Add(name);
    }

    private static Task<string> IpAsync(string netns, string words) => RulesNode.RunAsync("ip", ["-n", netns, .. words.Split(' ')]);
}
