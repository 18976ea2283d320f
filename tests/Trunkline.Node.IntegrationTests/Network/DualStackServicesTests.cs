using System.Net;
using Trunkline.Node.Network.Services;
using Trunkline.Policy.Model;
using Xunit;
using static Trunkline.Node.IntegrationTests.Network.Given;

namespace Trunkline.Node.IntegrationTests.Network;

/// <summary>A Service of both families: what is true of its IPv4 address is true of its IPv6 one, with endpoints of that family.</summary>
public sealed class DualStackServicesTests
{
    private const TransportProtocol Sctp = TransportProtocol.Sctp, Tcp = TransportProtocol.Tcp, Udp = TransportProtocol.Udp;
    private static readonly IPAddress s_v6 = IPAddress.Parse("fd02::10");

    private static ServiceRecord Dual() => Service("svc", "172.30.0.10", "fd02::10");

    private static SliceRecord[] Slices(params Host[] pods) =>
        [Slice([.. pods.Select(Here)]), Slice([.. pods.Select(pod => new SliceEndpoint(pod.Address6!, true, TestNode.NodeName))])];

    [Theory]
    [InlineData(Sctp)]
    [InlineData(Tcp)]
    [InlineData(Udp)]
    public async Task Each_family_leads_to_endpoints_of_its_own(TransportProtocol protocol)
    {
        await using var node = await TestNode.StartAsync();
        await node.ApplyAsync(node.PlainPods(), services: [Dual()], slices: Slices(node.Pods[1]));
        Assert.Equal(node.Pods[0].Address6, await SourceAsync(node.Pods[0], s_v6, protocol, 5001, node.Pods[1], Port));
        Assert.Equal(node.Pods[0].Address, await SourceAsync(node.Pods[0], ClusterIp, protocol, 5002, node.Pods[1], Port));
        Assert.Equal(node.Address6, await SourceAsync(node.Node, s_v6, protocol, 5003, node.Pods[1], Port));
        Assert.Equal(node.Address6, await SourceAsync(node.Outside, node.Address6, protocol, 5004, node.Pods[1], NodePort(protocol)));
        Assert.Equal(node.Address6, await SourceAsync(node.Pods[1], s_v6, protocol, 5005, node.Pods[1], Port)); // hairpin
        var arrived = await node.Pods[1].SeeAsync(protocol, 5001);
        Assert.Equal(TargetPort, arrived?.DestinationPort);
        Assert.True(protocol != Sctp || Wire.HasGoodCrc(arrived!.Transport));

        await node.ApplyAsync(node.PlainPods(), services: [Dual() with { ExternalLocal = true }], slices: Slices(node.Pods[1]));
        Assert.Equal(node.Outside.Address6, await SourceAsync(node.Outside, node.Address6, protocol, 5006, node.Pods[1], NodePort(protocol)));
    }

    [Fact]
    public async Task No_endpoint_of_a_family_and_no_such_port_are_refused_and_an_address_nobody_has_is_silence()
    {
        await using var node = await TestNode.StartAsync();
        await node.ApplyAsync(node.PlainPods(), services: [Dual()], slices: [Slice(Here(node.Pods[1]))]);
        node.Pods[0].Send(IPAddress.Parse("fd02::99"), Sctp, 5101, Port);
        node.Pods[0].Send(s_v6, Sctp, 5102, Port);
        Assert.NotNull(await node.Pods[0].SeeAsync(seen => IsRefusalOf(seen, 5102)));
        node.Pods[2].Send(s_v6, Udp, 5103, 9);
        Assert.NotNull(await node.Pods[2].SeeAsync(seen => IsRefusalOf(seen, 5103)));
        node.Outside.Send(node.Address6, Sctp, 5104, NodePort(Sctp));
        Assert.NotNull(await node.Outside.SeeAsync(seen => IsRefusalOf(seen, 5104)));
        Assert.DoesNotContain(node.Pods[0].Arrived, seen => IsRefusalOf(seen, 5101));
        Assert.DoesNotContain(node.Outside.Arrived, seen => seen.SourcePort == 5101);
    }

    [Fact]
    public async Task A_stray_is_answered_and_its_flow_forgotten_in_IPv6_too()
    {
        await using var node = await TestNode.StartAsync();
        await node.ApplyAsync(node.PlainPods(), services: [Dual()], slices: Slices(node.Pods[1]));
        var client = node.Pods[0];
        client.Send(s_v6, Sctp, 5200, Port);
        Assert.NotNull(await node.Pods[1].SeeAsync(Sctp, 5200));
        await node.ApplyAsync(node.PlainPods(), services: [Dual()], slices: Slices(node.Pods[2]));
        await TestNode.WaitAsync(() => !node.Flows.List().Any(flow => flow.SourcePort == 5200));
        client.Send(s_v6, Wire.Sctp(client.Address6!, s_v6, 5200, Port, 0xCAFE0001, 0));
        var answer = await client.SeeAsync(seen => seen.Protocol == 132 && seen.Source.Equals(s_v6) && seen.DestinationPort == 5200);
        Assert.NotNull(answer);
        Assert.Equal((6, 1), (answer.Transport[12], answer.Transport[13]));
        client.Send(s_v6, Sctp, 5200, Port);
        Assert.NotNull(await node.Pods[2].SeeAsync(Sctp, 5200));
    }

    [Fact]
    public async Task Affinity_holds_in_IPv6()
    {
        await using var node = await TestNode.StartAsync();
        await node.ApplyAsync(node.PlainPods(), services: [Dual() with { AffinitySeconds = 600 }], slices: Slices(node.Pods[1], node.Pods[2], node.Pods[3]));
        for (var port = 5300; port < 5320; port++)
        {
            node.Pods[0].Send(s_v6, Sctp, port, Port);
        }

        await TestNode.WaitAsync(() => node.Pods.Sum(Count) == 20);
        Assert.Single(node.Pods, pod => Count(pod) > 0);

        static int Count(Host pod) => pod.Arrived.Count(seen => seen.Protocol == 132);
    }

    private static async Task<IPAddress?> SourceAsync(Host from, IPAddress to, TransportProtocol protocol, int sourcePort, Host at, int port)
    {
        from.Send(to, protocol, sourcePort, port);
        return (await at.SeeAsync(protocol, sourcePort))?.Source;
    }

    // ICMPv6 destination unreachable, port; what it quotes begins with the IPv6 header of 40 bytes.
    private static bool IsRefusalOf(Seen seen, int sourcePort) => seen.Protocol == 58 && seen.Transport[0] == 1 && seen.Transport[1] == 4
        && seen.Transport.Length >= 50 && ((seen.Transport[48] << 8) | seen.Transport[49]) == sourcePort;
}
