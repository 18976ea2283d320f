using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Trunkline.Node.Network.Netlink;
using Trunkline.Node.Network.Sctp;
using Trunkline.Node.Network.Services;
using Trunkline.Policy.Model;
using Xunit;

namespace Trunkline.Node.IntegrationTests.Network;

/// <summary>
/// SCTP packets of no known flow at a Service's address never leave the node untranslated: they are answered by an ABORT from where they were sent to, so that a peer that
/// never changes its port begins anew.
/// </summary>
public sealed class StrayPacketsTests
{
    private const byte Data = 0, Sack = 3, Abort = 6, CookieEcho = 10, CookieAck = 11, ShutdownComplete = 14;
    private const int Port = 38412, NodePort = 31132;
    private const uint Tag = 0xCAFE0001;
    private static readonly IPAddress s_service = IPAddress.Parse("172.30.0.10");
    private static readonly IPAddress s_external = IPAddress.Parse("192.168.126.230"), s_balancer = IPAddress.Parse("192.168.126.231");
    private static readonly IPAddress s_service6 = IPAddress.Parse("fd02::10"), s_external6 = IPAddress.Parse("fd00:126::e0"), s_balancer6 = IPAddress.Parse("fd00:126::e1");

    private static ServiceRecord Service(bool local = false) => new("x", "svc")
    {
        ClusterIps = [s_service],
        ExternalIps = [s_external],
        ExternalLocal = local,
        Ports = [new ServiceRecordPort("n2", TransportProtocol.Sctp, Port, NodePort)],
    };

    private static SliceRecord Slice(params Host[] endpoints) => new("x", "svc")
    {
        Ports = [new SlicePort("n2", TransportProtocol.Sctp, 30102)],
        Endpoints = [.. endpoints.Select(host => new SliceEndpoint(host.Address, true, TestNode.NodeName))],
    };

    private static SliceRecord Slice6(Host endpoint) => Slice() with { Endpoints = [new SliceEndpoint(endpoint.Address6!, true, TestNode.NodeName)] };

    [Theory]
    [InlineData(Data)]
    [InlineData(Sack)]
    [InlineData(CookieEcho)]
    public async Task A_Pods_stray_chunk_at_a_ClusterIP_is_answered_by_an_ABORT_that_reflects_its_tag(byte chunk)
    {
        await using var node = await TestNode.StartAsync();
        await node.ApplyAsync(node.PlainPods(), services: [Service()], slices: [Slice(node.Pods[1])]);
        var client = node.Pods[0];
        var answer = await client.SeeAsync(IsFrom(s_service, Port, 5000), again: () => Send(client, s_service, 5000, Port, chunk));
        AssertAborts(answer, Tag);
        Assert.DoesNotContain(node.Pods[1].Arrived, seen => seen.Protocol == 132);
        Assert.DoesNotContain(node.Outside.Arrived, seen => seen.Protocol == 132);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task From_outside_the_nodePort_and_the_external_address_answer_too(bool local)
    {
        await using var node = await TestNode.StartAsync();
        await node.ApplyAsync(node.PlainPods(), services: [Service(local)], slices: [Slice(node.Pods[1])]);
        await node.RouteOutsideAsync(s_external);
        AssertAborts(await node.Outside.SeeAsync(IsFrom(node.Address, NodePort, 5001), again: () => Send(node.Outside, node.Address, 5001, NodePort, Data)), Tag);
        AssertAborts(await node.Outside.SeeAsync(IsFrom(s_external, Port, 5002), again: () => Send(node.Outside, s_external, 5002, Port, Data)), Tag);
    }

    [Fact]
    public async Task What_ends_an_association_is_dropped_and_not_answered()
    {
        await using var node = await TestNode.StartAsync();
        await node.ApplyAsync(node.PlainPods(), services: [Service()], slices: [Slice(node.Pods[1])]);
        var client = node.Pods[0];
        foreach (var chunk in new[] { Abort, ShutdownComplete, CookieAck })
        {
            Send(client, s_service, 5100 + chunk, Port, chunk);
        }

        // The sentinel comes behind them on the same way.
        AssertAborts(await client.SeeAsync(IsFrom(s_service, Port, 5199), again: () => Send(client, s_service, 5199, Port, Data)), Tag);
        Assert.DoesNotContain(client.Arrived, seen => seen.Protocol == 132 && seen.DestinationPort != 5199);
        Assert.DoesNotContain(node.Pods[1].Arrived, seen => seen.Protocol == 132);
    }

    [Fact]
    public async Task A_corrupted_packet_and_one_beside_the_Service_are_not_answered()
    {
        await using var node = await TestNode.StartAsync();
        await node.ApplyAsync(node.PlainPods(), services: [Service()], slices: [Slice(node.Pods[1])]);
        var client = node.Pods[0];
        var corrupted = Wire.Sctp(client.Address, s_service, 5200, Port, Tag, Data);
        corrupted[^1] ^= 1;
        client.Send(s_service, corrupted);
        Send(client, s_service, 5201, 9, Data);
        Assert.NotNull(await client.SeeAsync(IsFrom(s_service, Port, 5299), again: () => Send(client, s_service, 5299, Port, Data)));
        Assert.DoesNotContain(client.Arrived, seen => seen.Protocol == 132 && seen.DestinationPort != 5299);
        Assert.DoesNotContain(node.Pods[1].Arrived, seen => seen.Protocol == 132);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task In_both_families_every_external_address_answers(bool local)
    {
        await using var node = await TestNode.StartAsync();
        var service = Service(local) with { ClusterIps = [s_service, s_service6], ExternalIps = [s_external, s_external6], LoadBalancerIps = [s_balancer, s_balancer6] };
        await node.ApplyAsync(node.PlainPods(), services: [service], slices: [Slice(node.Pods[1]), Slice6(node.Pods[1])]);
        var port = 5600;
        foreach (var (address, number) in new[] { (node.Address6, NodePort), (s_external6, Port), (s_balancer6, Port), (s_balancer, Port) })
        {
            await (address.Equals(node.Address6) ? Task.CompletedTask : node.RouteOutsideAsync(address));
            port++;
            var answer = await node.Outside.SeeAsync(IsFrom(address, number, port), again: () => Send(node.Outside, address, port, number, Data));
            AssertAborts(answer, Tag);
        }

        Assert.DoesNotContain(node.Pods[1].Arrived, seen => seen.Protocol == 132);
        Assert.DoesNotContain(node.Outside.Arrived, seen => seen.Protocol == 132 && seen.DestinationPort is Port or NodePort);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_nodes_own_stray_is_answered_to_it(bool ipv6)
    {
        await using var node = await TestNode.StartAsync();
        using var self = new Host(node.Node.Netns, node.Address) { Address6 = node.Address6 };
        await node.ApplyAsync(node.PlainPods(), services: [Service() with { ClusterIps = [s_service, s_service6] }], slices: [Slice(node.Pods[1]), Slice6(node.Pods[1])]);
        var address = ipv6 ? s_service6 : s_service;
        AssertAborts(await self.SeeAsync(IsFrom(address, Port, 5700), again: () => Send(self, address, 5700, Port, Data)), Tag);
        Assert.DoesNotContain(node.Pods[1].Arrived, seen => seen.Protocol == 132);
        Assert.DoesNotContain(node.Outside.Arrived, seen => seen.Protocol == 132);
    }

    [Fact]
    public async Task Tshark_reads_the_answers_as_ABORTs_that_reflect_the_tag_with_a_good_checksum()
    {
        await using var node = await TestNode.StartAsync();
        await node.ApplyAsync(node.PlainPods(), services: [Service() with { ClusterIps = [s_service, s_service6] }], slices: [Slice(node.Pods[1]), Slice6(node.Pods[1])]);
        var client = node.Pods[0];
        var answers = new[] { s_service, s_service6 }.Select(async address =>
            (await client.SeeAsync(IsFrom(address, Port, 5800), again: () => Send(client, address, 5800, Port, Data)))!.Packet);
        var read = await Tshark.ReadAsync(await Task.WhenAll(answers), "sctp.chunk_type", "sctp.abort_t_bit", "sctp.checksum.status", "sctp.verification_tag", "sctp.srcport");
        Assert.Equal(2, read.Count);
        Assert.All(read, fields => Assert.Equal(["6", "1", "1", "0xcafe0001", "38412"], fields.Select(field => field == "True" ? "1" : field)));
    }

    [Fact]
    public async Task A_flood_from_ever_new_addresses_is_answered_within_bounds_and_leaves_room_for_another_clients_answer()
    {
        const int Packets = 20_000;
        await using var node = await TestNode.StartAsync();
        await node.RouteToOutsideAsync("10.200.0.0/15");
        await node.RouteOutsideAsync(s_service);
        await node.ApplyAsync(node.PlainPods(), services: [Service()], slices: [Slice(node.Pods[1])]);
        var start = TimeProvider.System.GetTimestamp();
        for (var packet = 0; packet < Packets; packet++)
        {
            var source = new IPAddress([10, 200, (byte)(packet >> 8), (byte)packet]);
            node.Outside.Send(s_service, Wire.Sctp(source, s_service, 5900, Port, Tag, Data));
        }

        // However full: another client has its answer, as soon as the overall limit lets one through.
        AssertAborts(await node.Pods[2].SeeAsync(IsFrom(s_service, Port, 5901), 20_000, () => Send(node.Pods[2], s_service, 5901, Port, Data)), Tag);
        var answered = node.Outside.Arrived.Count(seen => seen.Protocol == 132 && seen.DestinationPort == 5900);
        var seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
        Assert.InRange(answered, 1, 500 + (500 * seconds) + 50); // the kernel's bucket of 500, and 500 a second
        Assert.DoesNotContain(node.Pods[1].Arrived, seen => seen.Protocol == 132);
    }

    [Fact]
    public async Task An_agent_that_finds_the_log_taken_answers_as_soon_as_it_is_free()
    {
        await using var node = await TestNode.StartAsync();
        PacketLog? other = null;
        await node.RestartAgentAsync(() => Task.Run(() => other = NamespaceThread.Run($"/run/netns/{node.Node.Netns}", () => new PacketLog(SctpChains.StrayGroup, SctpChains.AddressGroup))));
        await node.ApplyAsync(node.PlainPods(), services: [Service()], slices: [Slice(node.Pods[1])]);
        var client = node.Pods[0];
        var seen = 0;
        Send(client, s_service, 5950, Port, Data);
        await TestNode.WaitAsync(() =>
        {
            other!.Read((_, _) => seen++);
            return seen > 0;
        });
        Assert.DoesNotContain(client.Arrived, packet => packet.Protocol == 132);
        other!.Dispose();
        AssertAborts(await client.SeeAsync(IsFrom(s_service, Port, 5951), 20_000, () => Send(client, s_service, 5951, Port, Data)), Tag);
    }

    [Fact]
    public async Task A_peer_that_never_changes_its_port_reconnects_after_one_answer_when_its_Pod_was_replaced()
    {
        await using var node = await TestNode.StartAsync();
        await node.ApplyAsync(node.PlainPods(), services: [Service()], slices: [Slice(node.Pods[1])]);
        var client = node.Pods[0];
        client.Send(s_service, TransportProtocol.Sctp, 5300, Port);
        Assert.NotNull(await node.Pods[1].SeeAsync(TransportProtocol.Sctp, 5300));

        // The Pod goes, another comes; the peer is in the middle of DATA and knows nothing of it.
        await node.ApplyAsync(node.PlainPods(), services: [Service()], slices: [Slice(node.Pods[2])]);
        await TestNode.WaitAsync(() => !node.Flows.List().Any(flow => flow.SourcePort == 5300));
        Send(client, s_service, 5300, Port, Data);
        AssertAborts(await client.SeeAsync(IsFrom(s_service, Port, 5300)), Tag);
        client.Send(s_service, TransportProtocol.Sctp, 5300, Port);
        var arrived = await node.Pods[2].SeeAsync(TransportProtocol.Sctp, 5300);
        Assert.NotNull(arrived);
        Assert.Equal(1, arrived.Transport[12]);
    }

    [Fact]
    public async Task A_flood_gets_few_answers_and_another_client_its_own()
    {
        await using var node = await TestNode.StartAsync();
        await node.ApplyAsync(node.PlainPods(), services: [Service()], slices: [Slice(node.Pods[1])]);
        for (var packet = 0; packet < 2000; packet++)
        {
            Send(node.Pods[0], s_service, 6000 + packet, Port, Data);
        }

        AssertAborts(await node.Pods[2].SeeAsync(IsFrom(s_service, Port, 5400), again: () => Send(node.Pods[2], s_service, 5400, Port, Data)), Tag);
        Assert.NotNull(await node.Pods[0].SeeAsync(seen => seen.Protocol == 132));
        Assert.InRange(node.Pods[0].Arrived.Count(seen => seen.Protocol == 132), 1, 200);
        Assert.DoesNotContain(node.Pods[1].Arrived, seen => seen.Protocol == 132);
    }

    [Fact]
    public async Task Other_protocols_strays_at_a_Service_are_dropped()
    {
        await using var node = await TestNode.StartAsync();
        var service = Service() with { Ports = [new ServiceRecordPort("tcp", TransportProtocol.Tcp, Port, 31006)] };
        await node.ApplyAsync(node.PlainPods(), services: [service], slices: [Slice(node.Pods[1]) with { Ports = [new SlicePort("tcp", TransportProtocol.Tcp, 30102)] }]);
        await node.RouteOutsideAsync(s_external);
        node.Pods[0].Send(s_external, Wire.Tcp(node.Pods[0].Address, s_external, 5500, Port, Wire.TcpReset));
        node.Pods[0].Send(s_external, TransportProtocol.Tcp, 5501, Port);
        Assert.NotNull(await node.Pods[1].SeeAsync(TransportProtocol.Tcp, 5501));
        Assert.DoesNotContain(node.Outside.Arrived, seen => seen.Protocol == 6);
        Assert.DoesNotContain(node.Pods[1].Arrived, seen => seen.SourcePort == 5500);
    }

    private static void Send(Host from, IPAddress to, int source, int port, byte chunk) => from.Send(to, Wire.Sctp(to.AddressFamily == AddressFamily.InterNetworkV6 ? from.Address6! : from.Address, to, source, port, Tag, chunk));

    private static Func<Seen, bool> IsFrom(IPAddress address, int port, int client) =>
        seen => seen.Protocol == 132 && seen.Source.Equals(address) && seen.SourcePort == port && seen.DestinationPort == client;

    private static void AssertAborts(Seen? answer, uint tag)
    {
        Assert.NotNull(answer);
        Assert.Equal((Abort, (byte)1), (answer.Transport[12], answer.Transport[13]));
        Assert.Equal(tag, BinaryPrimitives.ReadUInt32BigEndian(answer.Transport.AsSpan(4)));
        Assert.True(Wire.HasGoodCrc(answer.Transport));
    }
}
