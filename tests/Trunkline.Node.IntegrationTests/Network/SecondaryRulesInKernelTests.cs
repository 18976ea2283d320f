using System.Net;
using Trunkline.Policy.Model;
using Xunit;
using static Trunkline.Node.IntegrationTests.Network.HandMadeAssociation;

namespace Trunkline.Node.IntegrationTests.Network;

/// <summary>What the rules in a Pod's own namespace do on a secondary network with packets that nobody should send.</summary>
public sealed class SecondaryRulesInKernelTests
{
    private static readonly byte[] s_other = [0x0a, 0x58, 0, 0, 0, 9];
    private static readonly byte[] s_chunks = [Data, Init, InitAck, Heartbeat, HeartbeatAck, Abort, ShutdownAck, Error, CookieEcho, CookieAck];

    [Fact]
    public async Task No_chunk_of_a_denied_source_arrives_and_every_chunk_of_an_allowed_one_does()
    {
        await using var scene = await SecondaryScene.StartAsync();
        await scene.ApplyAsync(closed: true);
        foreach (var chunk in s_chunks)
        {
            var forged = SecondaryScene.Chunk(SecondaryScene.Denied, SecondaryScene.Own, 6000 + chunk, SecondaryScene.Port, chunk);
            var welcome = SecondaryScene.Chunk(SecondaryScene.Allowed, SecondaryScene.Own, 6100 + chunk, SecondaryScene.Port, chunk);
            Assert.Equal([6100 + chunk], await scene.FromPeerAsync(forged, forged, welcome));
        }
    }

    [Fact]
    public async Task Nothing_that_a_server_sends_in_the_middle_of_nothing_opens_it_and_its_own_INIT_does()
    {
        await using var scene = await SecondaryScene.StartAsync();
        await scene.ApplyAsync(closed: true);
        foreach (var opener in (byte[])[Heartbeat, HeartbeatAck, CookieEcho, Error, ShutdownAck, InitAck])
        {
            var port = 6200 + opener;
            await scene.FromPodAsync(SecondaryScene.Chunk(SecondaryScene.Own, SecondaryScene.Denied, SecondaryScene.Port, port, opener));
            Assert.True(await scene.FromPeerAsync([.. s_chunks.Select(chunk => ToPod(port, chunk))]) is [], $"the server's {opener} opened it");

            // An association that the Pod itself begins is its own affair: its INIT is let through and says who began, so the answer is a reply.
            await scene.FromPodAsync(SecondaryScene.Chunk(SecondaryScene.Own, SecondaryScene.Denied, SecondaryScene.Port, port, Init));
            Assert.Equal([port], await scene.FromPeerAsync(Wire.Sctp(SecondaryScene.Denied, SecondaryScene.Own, port, SecondaryScene.Port, 7, InitAck, 8)));
        }

        static byte[] ToPod(int port, byte chunk) => SecondaryScene.Chunk(SecondaryScene.Denied, SecondaryScene.Own, port, SecondaryScene.Port, chunk);
    }

    [Fact]
    public async Task A_policy_that_closes_cuts_what_stands()
    {
        await using var scene = await SecondaryScene.StartAsync();
        byte[] Data(IPAddress source) => SecondaryScene.Chunk(source, SecondaryScene.Own, 6300, SecondaryScene.Port, HandMadeAssociation.Data);
        byte[] init = SecondaryScene.Chunk(SecondaryScene.Denied, SecondaryScene.Own, 6300, SecondaryScene.Port, Init);
        Assert.Equal([6300, 6300], await scene.FromPeerAsync(init, Data(SecondaryScene.Denied)));
        await scene.ApplyAsync(closed: true);
        Assert.Empty(await scene.FromPeerAsync(Data(SecondaryScene.Denied), Data(SecondaryScene.Denied)));
        await scene.ApplyAsync();
        Assert.Equal([6300], await scene.FromPeerAsync(Data(SecondaryScene.Denied)));
    }

    [Fact]
    public async Task A_Pod_sends_from_no_address_but_its_own_whatever_makes_the_packet()
    {
        await using var scene = await SecondaryScene.StartAsync();
        foreach (var foreign in (string[])["10.1.1.2", "10.1.1.77", "8.8.8.8"])
        {
            var packet = Wire.Packet(IPAddress.Parse(foreign), SecondaryScene.Allowed, TransportProtocol.Udp, 6400, 1);
            Assert.Empty(await scene.FromPodAsync(packet)); // a raw socket's
            Assert.False(scene.SendFrame(SecondaryScene.Hardware, 0x0800, packet), $"a frame with {foreign}");
        }

        var six = Wire.Packet(IPAddress.Parse("fd10::7"), IPAddress.Parse("fd10::2"), TransportProtocol.Udp, 6400, 1);
        Assert.False(scene.SendFrame(SecondaryScene.Hardware, 0x86DD, six));
        var own = Wire.Packet(SecondaryScene.Own, SecondaryScene.Allowed, TransportProtocol.Udp, 6401, 1);
        Assert.True(scene.SendFrame(SecondaryScene.Hardware, 0x0800, own));
        Assert.True(scene.SendFrame(SecondaryScene.Hardware, 0x86DD, Wire.Packet(SecondaryScene.Own6, IPAddress.Parse("fd10::2"), TransportProtocol.Udp, 6401, 1)));
        Assert.True(scene.SendFrame(SecondaryScene.Hardware, 0x0800, Wire.Packet(IPAddress.Parse("10.128.2.5"), SecondaryScene.Allowed, TransportProtocol.Udp, 6401, 1))); // its eth0's
        Assert.False(scene.SendFrame(s_other, 0x0800, own), "another hardware address");
        Assert.False(scene.SendFrame(SecondaryScene.Hardware, 0x8100, [0, 5, 8, 0, .. own]), "a tagged frame");
    }

    [Fact]
    public async Task A_Pod_takes_nobodys_address_by_ARP_or_neighbour_discovery()
    {
        await using var scene = await SecondaryScene.StartAsync();
        Assert.True(scene.SendFrame(SecondaryScene.Hardware, 0x0806, Arp(SecondaryScene.Hardware, SecondaryScene.Own)));
        Assert.True(scene.SendFrame(SecondaryScene.Hardware, 0x0806, Arp(SecondaryScene.Hardware, IPAddress.Any))); // a probe (RFC 5227)
        Assert.False(scene.SendFrame(SecondaryScene.Hardware, 0x0806, Arp(SecondaryScene.Hardware, SecondaryScene.Allowed)));
        Assert.False(scene.SendFrame(SecondaryScene.Hardware, 0x0806, Arp(s_other, SecondaryScene.Own)));
        Assert.True(scene.SendFrame(SecondaryScene.Hardware, 0x86DD, Icmp6(136, SecondaryScene.Own6)));
        Assert.False(scene.SendFrame(SecondaryScene.Hardware, 0x86DD, Icmp6(136, IPAddress.Parse("fd10::2"))), "a neighbour advertisement for another");
        Assert.False(scene.SendFrame(SecondaryScene.Hardware, 0x86DD, Icmp6(134, SecondaryScene.Own6)), "a router advertisement");
        Assert.False(scene.SendFrame(SecondaryScene.Hardware, 0x86DD, Icmp6(137, SecondaryScene.Own6)), "a redirect");
    }

    private static byte[] Arp(byte[] hardware, IPAddress address) =>
        [0, 1, 8, 0, 6, 4, 0, 1, .. hardware, .. address.GetAddressBytes(), 0, 0, 0, 0, 0, 0, .. SecondaryScene.Allowed.GetAddressBytes()];

    private static byte[] Icmp6(byte type, IPAddress target) =>
        [0x60, 0, 0, 0, 0, 24, 58, 255, .. SecondaryScene.Own6.GetAddressBytes(), .. IPAddress.Parse("ff02::1").GetAddressBytes(), type, 0, 0, 0, 0x20, 0, 0, 0, .. target.GetAddressBytes()];
}
