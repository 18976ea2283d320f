using Trunkline.Sctp.Endpoint;
using Trunkline.Sctp.Wire;

namespace Trunkline.Sctp.Tests.Endpoint;

/// <summary>RFC 9260 sections 8.4, 8.5 and 10: packets that are not, or may not be, for us.</summary>
public sealed class StrayPacketStories
{
    private const uint Stray = 0xabcdef01;

    [Theory]
    [InlineData(6, "")]
    [InlineData(14, "")]
    [InlineData(11, "")]
    [InlineData(8, "ShutdownComplete")]
    [InlineData(0, "Abort")]
    [InlineData(3, "Abort")]
    [InlineData(4, "Abort")]
    [InlineData(7, "Abort")]
    [InlineData(200, "Abort")]
    public void A_packet_of_no_association_is_answered_by_what_it_holds(byte type, string answer)
    {
        var duo = new Duo();
        Give(duo, Forge.Packet(9, 10, Stray, Forge.Chunk(type, 0, 0, 0, 0, 0)));
        if (answer.Length == 0)
        {
            Assert.Equal(0, duo.Server.Output.Count);
            return;
        }

        var reply = duo.Server.Output[0].Packet.ToArray();
        Assert.Equal(answer, Duo.Describe(reply));
        Assert.Equal(1, reply[13] & 1);
        Assert.Equal(new CommonHeader(10, 9, Stray), CommonHeader.Read(reply));
        Assert.True(Crc32c.Verify(reply));
        Assert.Equal((duo.ServerAddress, duo.ClientAddress), (duo.Server.Output[0].Source, duo.Server.Output[0].Destination));
    }

    /// <summary>Rule by rule of section 8.4, also where the chunk that decides is not the first.</summary>
    [Theory]
    [InlineData("0 6", "")]
    [InlineData("4 6 0", "")]
    [InlineData("6", "")]
    [InlineData("10", "")]
    [InlineData("10 0", "")]
    [InlineData("8", "ShutdownComplete")]
    [InlineData("0 8", "ShutdownComplete")]
    [InlineData("8 14", "")]
    [InlineData("14", "")]
    [InlineData("0 14", "")]
    [InlineData("11 0", "")]
    [InlineData("0 11", "")]
    [InlineData("9", "Abort")]
    [InlineData("0 3", "Abort")]
    [InlineData("4", "Abort")]
    [InlineData("5", "Abort")]
    [InlineData("2", "Abort")]
    [InlineData("7", "Abort")]
    [InlineData("63", "Abort")]
    [InlineData("192 0", "Abort")]
    public void A_bundle_of_no_association_is_judged_as_a_whole(string types, string answer)
    {
        var duo = new Duo();
        Give(duo, Forge.Packet(9, 10, Stray, [.. types.Split(' ').Select(type => Forge.Chunk(byte.Parse(type), 0, 0, 0, 0, 0))]));
        if (answer.Length == 0)
        {
            Assert.Equal(0, duo.Server.Output.Count);
            return;
        }

        Assert.Equal(1, duo.Server.Output.Count);
        var reply = duo.Server.Output[0].Packet.ToArray();
        Assert.Equal((answer, 1), (Duo.Describe(reply), reply[13] & 1));
        Assert.Equal(new CommonHeader(10, 9, Stray), CommonHeader.Read(reply));
    }

    [Fact]
    public void A_stray_packet_whose_chunks_do_not_fit_is_not_answered()
    {
        var duo = new Duo();
        Give(duo, Forge.Packet(9, 10, Stray, Forge.Chunk(4, 0), [0, 0, 0, 99]));
        Give(duo, Forge.Packet(9, 10, Stray, [0, 0, 0, 3]));
        Assert.Equal(0, duo.Server.Output.Count);
        Assert.Equal(2, duo.Server.Counters.Malformed);
    }

    [Fact]
    public void A_stale_cookie_error_of_no_association_is_not_answered()
    {
        var duo = new Duo();
        Give(duo, Forge.Packet(9, 10, Stray, Forge.Chunk(9, 0, 0, 3, 0, 8, 0, 0, 0, 1)));
        Assert.Equal(0, duo.Server.Output.Count);
    }

    [Fact]
    public void Packets_from_or_to_what_is_not_unicast_are_dropped()
    {
        var duo = new Duo();
        var packet = Forge.Packet(9, 10, Stray, Forge.Chunk(4, 0));
        foreach (var (source, destination) in new[] { ("224.0.0.1", "10.0.0.2"), ("255.255.255.255", "10.0.0.2"), ("0.0.0.0", "10.0.0.2"), ("fd00::1", "ff02::1") })
        {
            duo.Server.Receive(new SctpDatagram(packet, SctpAddress.Parse(source), SctpAddress.Parse(destination)), 0);
        }

        Assert.Equal(4, duo.Server.Counters.NotUnicast);
        Assert.Equal(0, duo.Server.Output.Count);
    }

    [Fact]
    public void A_wrong_tag_ends_nothing()
    {
        var duo = new Duo().Established();
        var info = duo.InfoZ;
        foreach (var (type, flags, tag) in new (byte, byte, uint)[]
        {
            (6, 0, info.LocalTag + 1), (6, 1, info.LocalTag), (6, 0, info.PeerTag), (6, 1, 0), (14, 1, info.LocalTag), (7, 0, info.PeerTag), (0, 3, 0), (3, 0, info.PeerTag),
        })
        {
            Give(duo, Forge.Packet(4000, Duo.Port, tag, Forge.Chunk(type, flags, new byte[16])));
        }

        Assert.Equal(8, duo.Server.Counters.BadVerificationTag);
        Assert.Equal(AssociationState.Established, duo.InfoZ.State);
        Give(duo, Forge.Packet(4000, Duo.Port, info.PeerTag, Forge.Chunk(6, 1)));
        Assert.True(Duo.HasEvent(duo.Server, EndpointEventKind.Failed));
    }

    [Fact]
    public void A_bad_checksum_is_counted_and_nothing_else_happens()
    {
        var duo = new Duo().Established();
        var packet = Forge.Packet(4000, Duo.Port, duo.InfoZ.LocalTag, Forge.Chunk(6, 0));
        packet[8] ^= 1;
        Give(duo, packet);
        Assert.Equal(1, duo.Server.Counters.BadChecksum);
        Assert.Equal(AssociationState.Established, duo.InfoZ.State);
    }

    [Fact]
    public void An_init_with_company_or_with_a_tag_is_dropped()
    {
        var duo = new Duo();
        var init = Forge.Init(9, Duo.Port, 5).AsSpan(12).ToArray();
        Give(duo, Forge.Packet(9, Duo.Port, 0, init, Forge.Chunk(4, 0)));
        Give(duo, Forge.Packet(9, Duo.Port, 5, init));
        Give(duo, Forge.Init(9, Duo.Port, 0));
        Assert.Equal(0, duo.Server.Output.Count);
        Assert.Equal(3, duo.Server.Counters.Malformed);
    }

    [Fact]
    public void Another_address_of_a_multihomed_peer_does_not_get_its_association_killed()
    {
        var duo = new Duo().Established();
        var packet = Forge.Packet(4000, Duo.Port, duo.InfoZ.LocalTag, Forge.Chunk(4, 0, 0, 1, 0, 8, 1, 2, 3, 4));
        duo.Server.Receive(new SctpDatagram(packet, SctpAddress.Parse("10.0.0.77"), duo.ServerAddress), duo.Network.Now);
        Assert.Equal(0, duo.Server.Output.Count);
    }

    [Theory]
    [InlineData(0x3f, 0, false)]
    [InlineData(0x7f, 1, false)]
    [InlineData(0xbf, 0, true)]
    [InlineData(0xff, 1, true)]
    public void Unknown_chunks_go_by_their_two_highest_bits(byte type, int errors, bool goesOn)
    {
        var duo = new Duo().Established();
        Give(duo, Forge.Packet(4000, Duo.Port, duo.InfoZ.LocalTag, Forge.Chunk(type, 0, 1, 2, 3), Forge.Chunk(4, 0, 0, 1, 0, 8, 1, 2, 3, 4)));
        duo.Pump();
        Assert.Equal(errors, duo.Log.Count(line => line == "Z: Error"));
        Assert.Equal(goesOn, duo.Log.Contains("Z: HeartbeatAck"));
    }

    [Fact]
    public void A_smaller_path_makes_smaller_packets()
    {
        var duo = new Duo().Established();
        var quoted = Forge.Packet(4000, Duo.Port, duo.InfoA.PeerTag, Forge.Chunk(0, 0));
        duo.Client.ReceiveIcmp(new IcmpError(3, 4, 1000, duo.ServerAddress, duo.ClientAddress, duo.ServerAddress, quoted), 0);
        Assert.Equal(1000, duo.InfoA.PathMtu);
        duo.SendFromA(5000);
        duo.Run(1_000_000);
        Assert.All(duo.Packets, packet => Assert.True(packet.Length <= 980));
        Assert.Equal([5000], duo.ReadAll(duo.Server, duo.Z));
    }

    private static void Give(Duo duo, byte[] packet) =>
        duo.Server.Receive(new SctpDatagram(packet, duo.ClientAddress, duo.ServerAddress), duo.Network.Now);
}
