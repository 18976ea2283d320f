using System.Net;
using Trunkline.Node.IntegrationTests.Witnesses;
using Trunkline.Node.Network.Balancers;
using Trunkline.Node.Network.Netlink;
using Trunkline.Node.Network.Secondary;
using Trunkline.Policy.Model;
using Xunit;

namespace Trunkline.Node.IntegrationTests.Network;

/// <summary>A Pod on a secondary network, its rules in its own namespace as the agent writes them, and on the same wire a machine that has both an allowed and a denied address.</summary>
internal sealed class SecondaryScene : IAsyncDisposable
{
    public const int Port = 30102;
    private const string Network = "x/left", Mac = "0a:58:00:00:00:01";
    private static int s_count;
    private readonly string _prefix = $"tlsn{Environment.ProcessId}x{Interlocked.Increment(ref s_count)}";
    private readonly SecondaryKernel _kernel = new();
    private RawPort _pod = null!, _peer = null!;
    private int _sentinels = 40_000;

    public static IPAddress Own { get; } = IPAddress.Parse("10.1.1.1");

    public static IPAddress Own6 { get; } = IPAddress.Parse("fd10::1");

    public static IPAddress Allowed { get; } = IPAddress.Parse("10.1.1.2");

    public static IPAddress Denied { get; } = IPAddress.Parse("10.1.1.3");

    public static byte[] Hardware { get; } = [0x0a, 0x58, 0, 0, 0, 1];

    private string PodNetns => $"{_prefix}-pod";

    private string PeerNetns => $"{_prefix}-peer";

    private string PodPath => $"/run/netns/{PodNetns}";

    public static async Task<SecondaryScene> StartAsync()
    {
        var scene = new SecondaryScene();
        await Ip($"netns add {scene.PodNetns}");
        await Ip($"netns add {scene.PeerNetns}");
        await Ip($"-n {scene.PodNetns} link set lo up");
        await Ip($"-n {scene.PodNetns} link add net1 address {Mac} type veth peer name peer netns {scene.PeerNetns}");
        foreach (var (netns, link, addresses) in new[] { (scene.PodNetns, "net1", new[] { Own, Own6 }), (scene.PeerNetns, "peer", [Allowed, Denied, IPAddress.Parse("fd10::2")]) })
        {
            foreach (var address in addresses)
            {
                await Ip($"-n {netns} addr add {address}/{(address.GetAddressBytes().Length == 4 ? "24" : "64")} dev {link}{(address.GetAddressBytes().Length == 4 ? "" : " nodad")}");
            }

            await Ip($"-n {netns} link set {link} up");
        }

        await scene.ApplyAsync();
        scene._pod = new RawPort(scene.PodNetns, behindFilters: true);
        scene._peer = new RawPort(scene.PeerNetns, behindFilters: false);
        await scene.FromPeerAsync(); // neighbours know each other
        await scene.FromPodAsync();
        return scene;
    }

    /// <summary>Writes the Pod's rules; ingress is for <see cref="Allowed"/> alone, or everybody's.</summary>
    public async Task ApplyAsync(bool closed = false)
    {
        var self = new NetworkedPod(new PolicyPod("x", "self"), [new AttachedNetwork(Network, "net1", [$"{Own}", $"{Own6}"], Mac)]) { Uid = "self", Home = ["10.128.2.5"] };
        var policy = new NetworkPolicy("x", "only")
        {
            PolicyTypes = [TrafficDirection.Ingress],
            Ingress = [new PolicyRule([new PolicyPeer { IpBlock = new IpBlock(new IPNetwork(Allowed, 32), []) }], [])],
        };
        var cluster = new PolicyCluster([], [self.On(Network)!], closed ? [policy] : []);
        Assert.NotEqual(0u, await _kernel.WriteAsync(PodPath, SecondaryRules.Script(self, _ => cluster), TestContext.Current.CancellationToken));
        _kernel.Sweep(self, PodPath, _ => cluster);
    }

    /// <summary>Sends from the machine to the Pod, and an allowed packet behind. Source ports of what came through before that.</summary>
    public Task<IReadOnlyList<int>> FromPeerAsync(params byte[][] packets) => SendAsync(_peer, _pod, Allowed, Own, packets);

    /// <summary>The other way.</summary>
    public Task<IReadOnlyList<int>> FromPodAsync(params byte[][] packets) => SendAsync(_pod, _peer, Own, Allowed, packets);

    /// <summary>Sends a frame as it is from the Pod's link, by a packet socket. False where the Pod's rules refuse it.</summary>
    public bool SendFrame(byte[] source, ushort type, params byte[] content) => NamespaceThread.Run(PodPath, () =>
    {
        const int NoBuffers = 105; // what a packet socket hears of a packet that a rule has dropped
        using var netlink = new RouteNetlink();
        try
        {
            PacketSender.Send(netlink.IndexOf("net1")!.Value, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, .. source, (byte)(type >> 8), (byte)type, .. content]);
            return true;
        }
        catch (NetlinkException exception) when (exception.Errno == NoBuffers)
        {
            return false;
        }
    });

    public static byte[] Chunk(IPAddress source, IPAddress destination, int sourcePort, int port, byte chunk) =>
        Wire.Sctp(source, destination, sourcePort, port, chunk == HandMadeAssociation.Init ? 0 : 0x0B0B0B0Bu, chunk, 7);

    public async ValueTask DisposeAsync()
    {
        _pod.Dispose();
        _peer.Dispose();
        await Ip($"netns del {PodNetns}");
        await Ip($"netns del {PeerNetns}");
    }

    private async Task<IReadOnlyList<int>> SendAsync(RawPort from, RawPort to, IPAddress source, IPAddress destination, byte[][] packets)
    {
        var sentinel = ++_sentinels;
        OneProcessor.Run(() =>
        {
            foreach (var packet in packets)
            {
                from.Send(packet[0] >> 4 == 4 ? new IPAddress(packet.AsSpan(16, 4)) : new IPAddress(packet.AsSpan(24, 16)), packet);
            }

            from.Send(destination, Wire.Packet(source, destination, TransportProtocol.Sctp, sentinel, 1));
        });
        var seen = new List<int>();
        for (var waited = 0; !seen.Contains(sentinel); waited++)
        {
            Assert.True(waited < 3000, "the packet sent behind the others did not arrive");
            await Task.Delay(TimeSpan.FromMilliseconds(waited == 0 ? 0 : 10), TimeProvider.System, TestContext.Current.CancellationToken);
            seen.AddRange(to.Drain().Select(item => item.SourcePort));
        }

        return [.. seen.Where(port => port < 40_000)];
    }

    private static Task<string> Ip(string words) => RulesNode.RunAsync("ip", words.Split(' '));
}
