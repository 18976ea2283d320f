using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Trunkline.Node.Network;
using Trunkline.Node.Network.Links;
using Trunkline.Node.Network.Netlink;
using Trunkline.Node.Network.Nft;

namespace Trunkline.Benchmarks.DataPlane;

/// <summary>
/// A node's kernel in a namespace of its own, with a client host (192.168.126.200) on its uplink and a host (10.128.0.2) that plays Pods behind a cable,
/// and the node agent's own synchronizer at work on it.
/// </summary>
internal sealed class BenchNode : IAsyncDisposable
{
    public static readonly IPAddress ClientAddress = IPAddress.Parse("192.168.126.200"), ServerAddress = IPAddress.Parse("10.128.0.2");
    private static readonly IPAddress s_address = IPAddress.Parse("192.168.126.11");
    private readonly CancellationTokenSource _stop = new();
    private readonly ConntrackNetlink _conntrack;
    private readonly ElementSocket _elements;
    private readonly Synchronizer _synchronizer;
    private readonly Task _work;

    private BenchNode(Netns node, Netns client, Netns server)
    {
        (Node, Client, Server) = (node, client, server);
        (_conntrack, _elements) = NamespaceThread.Run(node.Path, () => (new ConntrackNetlink(), new ElementSocket()));
        var nftables = new NftProcess(["ip", "netns", "exec", node.Name, "nft"], _elements, TimeProvider.System);
        _synchronizer = new Synchronizer(new NodeNetwork(BenchCluster.NodeName, s_address), Cluster, nftables, _conntrack, (_, _) => { }, TimeProvider.System, NullLogger.Instance);
        _work = Task.Run(() => _synchronizer.RunAsync(_stop.Token));
    }

    public Netns Node { get; }

    public Netns Client { get; }

    public Netns Server { get; }

    public BenchCluster Cluster { get; } = new();

    public static async Task<BenchNode> StartAsync()
    {
        var (node, client, server) = (await Netns.CreateAsync("node"), await Netns.CreateAsync("client"), await Netns.CreateAsync("server"));
        await node.IpAsync($"link add eth0 type veth peer name eth0 netns {client.Name}");
        await node.IpAsync($"link add p00000000000000 type veth peer name eth0 netns {server.Name}");
        await node.IpAsync($"addr add {s_address}/24 dev eth0");
        await node.IpAsync("addr add 10.128.0.1/32 dev p00000000000000");
        await node.IpAsync("link set eth0 up");
        await node.IpAsync("link set p00000000000000 up");
        await node.IpAsync("route add 10.128.0.0/14 dev p00000000000000");
        await client.IpAsync($"addr add {ClientAddress}/24 dev eth0");
        await client.IpAsync("link set eth0 up");
        await client.IpAsync($"route add default via {s_address}");
        await server.IpAsync($"addr add {ServerAddress}/32 dev eth0");
        await server.IpAsync("link set eth0 up");
        await server.IpAsync("route add 10.128.0.1 dev eth0");
        await server.IpAsync("route add default via 10.128.0.1");
        NamespaceThread.Run(node.Path, NodeRoutes.PrepareNode);
        return new BenchNode(node, client, server);
    }

    /// <summary>Seconds until all that the cluster says is in force.</summary>
    public async Task<double> ApplyAsync()
    {
        var start = TimeProvider.System.GetTimestamp();
        await _synchronizer.WaitAsync(CancellationToken.None);
        return TimeProvider.System.GetElapsedTime(start).TotalSeconds;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _conntrack.Dispose();
        _elements.Dispose();
        _stop.Dispose();
        await Client.DisposeAsync();
        await Server.DisposeAsync();
        await Node.DisposeAsync();
    }
}
