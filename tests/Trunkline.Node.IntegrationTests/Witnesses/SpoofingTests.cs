using System.Net;
using Trunkline.Node.IntegrationTests.Network;
using Trunkline.Node.Network.Links;
using Trunkline.Policy.Model;
using Xunit;

namespace Trunkline.Node.IntegrationTests.Witnesses;

/// <summary>A Pod cannot send from an address that is not its own, and cannot take one, whatever it says by ARP, by neighbour discovery or in its frames.</summary>
public sealed class SpoofingTests : IAsyncLifetime
{
    private const int Port = 30102, Forged = 7001, Sentinel = 7002;
    private PacketNode _node = null!;

    public async ValueTask InitializeAsync()
    {
        _node = await PacketNode.StartAsync(clusters: 1, podsEach: 3);
        var pods = Enumerable.Range(0, 3).Select(index => new PolicyPod("x", $"p{index}") { NodeName = Place.OwnNode, Addresses = Place.Pod(0, index) });
        await _node.Rules.ApplyAsync([new ClusterSpec(0) { Pods = [.. pods] }]);
    }

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Packets_with_anothers_source_go_nowhere(int family)
    {
        IPAddress[] foreign = [Place.Pod(0, 2)[family], Place.Outside[family], Place.Own[family], Place.Other[family], Place.Pod(0, 100)[family], Place.Pod(0, 77)[family]];
        Assert.Empty(await ArrivedAsync(family, foreign, Place.Pod(0, 1)[family]));
        Assert.Empty(await ArrivedAsync(family, foreign, Place.Outside[family]));
        Assert.Empty(await ArrivedAsync(family, foreign, Place.Own[family]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_Pod_that_takes_anothers_addresses_and_hardware_address_and_says_so_gets_nothing(int family)
    {
        var (attacker, victim) = (_node.NetnsOf(0, 0), _node.NetnsOf(0, 2));
        await IpAsync(attacker, "netns exec", "sysctl -qw net.ipv4.conf.eth0.arp_notify=1 net.ipv6.conf.eth0.ndisc_notify=1");
        await IpAsync(attacker, "-n", $"addr add {Place.Pod(0, 2)[0]}/32 dev eth0");
        await IpAsync(attacker, "-n", $"addr add {Place.Pod(0, 2)[1]}/128 dev eth0 nodad");
        var hardware = string.Join(':', PodLinkName.PodSide(victim).GetAddressBytes().Select(part => $"{part:x2}"));
        await IpAsync(attacker, "-n", $"link set eth0 address {hardware}");
        // With its hardware address a link loses what it knows of its neighbours.
        var gateway = string.Join(':', PodLinkName.NodeSide(attacker).GetAddressBytes().Select(part => $"{part:x2}"));
        await IpAsync(attacker, "-n", $"neigh replace 169.254.1.1 lladdr {gateway} dev eth0 nud permanent");
        await IpAsync(attacker, "-n", $"neigh replace fe80::1 lladdr {gateway} dev eth0 nud permanent");

        Assert.Empty(await ArrivedAsync(family, [Place.Pod(0, 2)[family]], Place.Pod(0, 1)[family]));
        foreach (var source in (IPAddress[])[Place.Pod(0, 1)[family], Place.Outside[family], Place.Own[family]])
        {
            var packet = Wire.Packet(source, Place.Pod(0, 2)[family], TransportProtocol.Sctp, Forged, Port);
            _node.At(source).Send(Place.Pod(0, 2)[family], packet);
            await SeeAsync(_node.At(Place.Pod(0, 2)[family]), Forged);
            Assert.DoesNotContain(_node.At(Place.Pod(0, 0)[family]).Drain(), seen => seen.SourcePort == Forged);
        }
    }

    // Sends from each foreign address and then, behind it on the same cable, from its own.
    private async Task<IReadOnlyList<int>> ArrivedAsync(int family, IPAddress[] foreign, IPAddress destination)
    {
        var (attacker, own) = (_node.At(Place.Pod(0, 0)[family]), Place.Pod(0, 0)[family]);
        OneProcessor.Run(() =>
        {
            foreach (var source in foreign.Where(source => !source.Equals(destination)))
            {
                foreach (var protocol in (TransportProtocol[])[TransportProtocol.Sctp, TransportProtocol.Udp, TransportProtocol.Tcp])
                {
                    attacker.Send(destination, Wire.Packet(source, destination, protocol, Forged, Port));
                }
            }

            attacker.Send(destination, Wire.Packet(own, destination, TransportProtocol.Sctp, Sentinel, Port));
        });
        return [.. (await SeeAsync(_node.At(destination), Sentinel)).Where(port => port == Forged)];
    }

    /// <summary>All source ports that came until one did.</summary>
    private static async Task<IReadOnlyList<int>> SeeAsync(RawPort at, int sourcePort)
    {
        var seen = new List<int>();
        for (var waited = 0; waited < 1000; waited++)
        {
            seen.AddRange(at.Drain().Select(item => item.SourcePort));
            if (seen.Contains(sourcePort))
            {
                return seen;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        throw new TimeoutException($"no packet from port {sourcePort} arrived");
    }

    private static Task<string> IpAsync(string netns, string how, string words) => how == "-n"
        ? RulesNode.RunAsync("ip", ["-n", netns, .. words.Split(' ')])
        : RulesNode.RunAsync("ip", ["netns", "exec", netns, .. words.Split(' ')]);
}
