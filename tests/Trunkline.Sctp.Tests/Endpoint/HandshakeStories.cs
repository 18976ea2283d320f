using System.Buffers.Binary;
using Trunkline.Sctp.Endpoint;
using Trunkline.Sctp.Wire;

namespace Trunkline.Sctp.Tests.Endpoint;

public sealed class HandshakeStories
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Four_packets_make_an_association(bool ipv6)
    {
        var duo = new Duo(ipv6: ipv6);
        duo.Connect();
        duo.Run(1_000_000);
        Assert.Equal(["A: Init", "Z: InitAck", "A: CookieEcho", "Z: CookieAck"], duo.Log);
        Assert.True(Duo.HasEvent(duo.Client, EndpointEventKind.Established));
        Assert.True(Duo.HasEvent(duo.Server, EndpointEventKind.Accepted));
    }

    [Fact]
    public void Init_lists_no_addresses_so_that_translation_works()
    {
        var duo = new Duo();
        duo.Connect();
        duo.Run(1_000_000);
        Assert.Equal(CommonHeader.Size + 20, duo.Packets[0].Length);
        var reader = new ChunkReader(duo.Packets[1].AsSpan(CommonHeader.Size));
        Assert.True(reader.TryRead(out var chunk));
        Assert.True(InitChunk.TryRead(chunk, out var initAck));
        var parameters = new TlvReader(initAck.Parameters);
        Assert.True(parameters.TryRead(out var only));
        Assert.Equal((ushort)ParameterType.StateCookie, only.Type);
        Assert.False(parameters.TryRead(out _));
    }

    [Fact]
    public void An_init_costs_the_server_nothing()
    {
        var duo = new Duo();
        for (var i = 0; i < 1000; i++)
        {
            duo.Server.Receive(new SctpDatagram(Forge.Init((ushort)(1024 + i), Duo.Port, 77), duo.ClientAddress, duo.ServerAddress), 0);
        }

        Assert.Equal(0, duo.Server.AssociationCount);
        Assert.Equal(1000, duo.Server.Output.Count);
        Assert.Equal(long.MaxValue, duo.Server.NextDeadline);
    }

    [Fact]
    public void A_lost_init_is_sent_again_with_doubled_waits()
    {
        var duo = new Duo();
        var times = new List<long>();
        duo.Passes = line =>
        {
            times.Add(duo.Network.Now);
            return times.Count > 3;
        };
        duo.Connect();
        duo.Run(20_000_000);
        Assert.Equal([1_000_000, 2_000_000, 4_000_000], times.Zip(times.Skip(1), (x, y) => y - x).Take(3));
        Assert.True(Duo.HasEvent(duo.Client, EndpointEventKind.Established));
    }

    [Fact]
    public void A_lost_cookie_echo_is_sent_again_with_doubled_waits()
    {
        var duo = new Duo();
        var times = new List<long>();
        duo.Passes = line =>
        {
            if (line != "A: CookieEcho")
            {
                return true;
            }

            times.Add(duo.Network.Now);
            return times.Count > 4;
        };
        duo.Connect();
        duo.Run(40_000_000);
        Assert.Equal([1_000_000, 2_000_000, 4_000_000, 8_000_000], times.Zip(times.Skip(1), (x, y) => y - x));
        Assert.True(Duo.HasEvent(duo.Client, EndpointEventKind.Established));
    }

    [Fact]
    public void No_bit_of_a_cookie_can_be_changed_and_none_left_out()
    {
        var duo = new Duo { Passes = line => line != "A: CookieEcho" };
        duo.Connect();
        duo.Run(50_000);
        var echo = duo.Packets.Last();
        Assert.Equal("CookieEcho", Duo.Describe(echo));
        var bad = 0;
        for (var bit = 16 * 8; bit < echo.Length * 8; bit++)
        {
            var changed = echo.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            bad += Give(duo, changed, duo.ClientAddress);
        }

        for (var length = 16; length < echo.Length; length += 4)
        {
            var shorter = echo[..length];
            BinaryPrimitives.WriteUInt16BigEndian(shorter.AsSpan(14), (ushort)(length - 12));
            bad += Give(duo, shorter, duo.ClientAddress);
        }

        Assert.Equal(((echo.Length - 16) * 8) + ((echo.Length - 16) / 4), bad);

        // Whole, but from another address, another port or with another tag: stolen.
        var moved = echo.ToArray();
        moved[1] ^= 1;
        var tagged = echo.ToArray();
        tagged[7] ^= 1;
        Assert.Equal(3, Give(duo, echo.ToArray(), SctpAddress.Parse("10.0.0.99")) + Give(duo, moved, duo.ClientAddress) + Give(duo, tagged, duo.ClientAddress));
        Assert.Equal(0, duo.Server.AssociationCount);
        Assert.Equal(0, Give(duo, echo.ToArray(), duo.ClientAddress));
        Assert.Equal(1, duo.Server.AssociationCount);
    }

    /// <summary>How many bad cookies the server counted.</summary>
    private static int Give(Duo duo, byte[] packet, SctpAddress source)
    {
        Crc32c.Write(packet);
        var before = duo.Server.Counters.BadCookie;
        duo.Server.Receive(new SctpDatagram(packet, source, duo.ServerAddress), duo.Network.Now);
        return (int)(duo.Server.Counters.BadCookie - before);
    }

    [Fact]
    public void No_answer_ends_after_nine_inits_with_a_timeout()
    {
        var duo = new Duo { Passes = _ => false };
        duo.Connect();
        duo.Run(600_000_000);
        Assert.Equal(9, duo.Log.Count);
        Assert.Equal(FailureReason.ConnectTimeout, Duo.NextEvent(duo.Client, EndpointEventKind.Failed).Failure!.Reason);
    }

    [Fact]
    public void A_lost_cookie_ack_is_repeated_and_makes_no_second_association()
    {
        var duo = new Duo();
        var lost = 0;
        duo.Passes = line => line != "Z: CookieAck" || lost++ > 1;
        duo.Connect();
        duo.Run(20_000_000);
        Assert.Equal(3, duo.Log.Count(line => line == "Z: CookieAck"));
        Assert.Equal(1, duo.Server.AssociationCount);
        Assert.True(Duo.HasEvent(duo.Client, EndpointEventKind.Established));
    }

    [Fact]
    public void A_port_without_a_listener_answers_abort_with_the_inits_own_tag()
    {
        var duo = new Duo();
        duo.Server.Unlisten(duo.Listener);
        duo.Connect();
        duo.Run(1_000_000);
        Assert.Equal(["A: Init", "Z: Abort"], duo.Log);
        Assert.Equal(0, duo.Packets[1][13] & 1);
        var failure = Duo.NextEvent(duo.Client, EndpointEventKind.Failed).Failure!;
        Assert.Equal(FailureReason.Refused, failure.Reason);
        Assert.Equal(duo.ServerAddress, failure.Reporter);
    }

    [Fact]
    public void A_cookie_that_was_changed_is_dropped_and_counted()
    {
        var duo = new Duo();
        duo.Connect();
        duo.Network.Filter = (_, packet) =>
        {
            if (Duo.Describe(packet) == "CookieEcho")
            {
                packet[40] ^= 1;
                Crc32c.Write(packet);
            }

            return true;
        };
        duo.Run(2_000_000);
        Assert.Equal(0, duo.Server.AssociationCount);
        Assert.True(duo.Server.Counters.BadCookie > 0);
    }

    [Fact]
    public void A_stale_cookie_is_refused_with_an_error_and_the_client_begins_again()
    {
        var duo = new Duo(endpoint: new EndpointOptions { CookieLife = 5_000 });
        var stale = 0;
        duo.Passes = line =>
        {
            stale += line == "Z: Error" ? 1 : 0;
            return true;
        };
        duo.Connect();
        duo.Run(60_000_000);
        Assert.Equal(4, stale);
        Assert.Equal(FailureReason.StaleCookie, Duo.NextEvent(duo.Client, EndpointEventKind.Failed).Failure!.Reason);
        Assert.Equal(0, duo.Server.AssociationCount);
    }

    [Fact]
    public void A_cookie_outlives_one_change_of_secret_but_not_two()
    {
        foreach (var (rotations, count) in new[] { (1, 1), (2, 0) })
        {
            var duo = new Duo();
            duo.Connect();
            duo.Passes = line =>
            {
                for (var i = 0; line == "A: CookieEcho" && i < rotations; i++)
                {
                    duo.Server.RotateCookieSecret(Duo.Bytes(32 + i).AsSpan(i));
                }

                return true;
            };
            duo.Run(500_000);
            Assert.Equal(count, duo.Server.AssociationCount);
        }
    }

    [Fact]
    public void Both_sides_connecting_at_once_meet_in_one_association()
    {
        var duo = new Duo();
        duo.Server.Unlisten(duo.Listener);
        Assert.Equal(ConnectStatus.Started, duo.Server.Connect(duo.ServerAddress, Duo.Port, duo.ClientAddress, 4000, duo.ClientOptions, duo.Network.Now, out var z));
        duo.Connect();
        duo.Run(3_000_000);
        Assert.True(Duo.HasEvent(duo.Client, EndpointEventKind.Established));
        Assert.True(Duo.HasEvent(duo.Server, EndpointEventKind.Established));
        Assert.Equal(duo.InfoA.LocalTag, duo.Server.TryGetInfo(z, out var info) ? info.PeerTag : 0);
        Assert.Equal(duo.InfoA.PeerTag, info.LocalTag);
        duo.SendFromA(100);
        duo.Server.Send(z, 0, 1, SendModes.None, Duo.Bytes(50), duo.Network.Now);
        duo.Run(1_000_000);
        Assert.Equal([100], duo.ReadAll(duo.Server, z));
        Assert.Equal([50], duo.ReadAll(duo.Client, duo.A));
    }

    [Fact]
    public void A_restarted_peer_ends_the_old_association_and_is_accepted_as_a_new_one()
    {
        var duo = new Duo().Established();
        var reborn = new SctpEndpoint(new EndpointOptions(), new Simulation.SeededRandom(99));
        duo.Network.Replace(duo.ClientAddress, reborn);
        reborn.Connect(duo.ClientAddress, 4000, duo.ServerAddress, Duo.Port, duo.ClientOptions, duo.Network.Now, out _);
        duo.Network.Collect(reborn);
        duo.Run(1_000_000);
        var ended = Duo.NextEvent(duo.Server, EndpointEventKind.Failed);
        Assert.Equal(duo.Z, ended.Association);
        Assert.Equal(FailureReason.PeerRestarted, ended.Failure!.Reason);
        Assert.NotEqual(duo.Z, Duo.NextEvent(duo.Server, EndpointEventKind.Accepted).Association);
        Assert.True(Duo.HasEvent(reborn, EndpointEventKind.Established));
    }

    [Fact]
    public void A_full_backlog_makes_peers_wait_until_the_program_accepts()
    {
        var duo = new Duo(listen: new ListenOptions { Backlog = 1 });
        duo.Connect();
        duo.Run(500_000);
        duo.Client.Connect(duo.ClientAddress, 4001, duo.ServerAddress, Duo.Port, duo.ClientOptions, duo.Network.Now, out _);
        duo.Run(500_000);
        Assert.Equal(1, duo.Server.AssociationCount);
        duo.Server.MarkAccepted(Duo.NextEvent(duo.Server, EndpointEventKind.Accepted).Association);
        duo.Run(3_000_000);
        Assert.Equal(2, duo.Server.AssociationCount);
    }

    [Fact]
    public void Too_many_associations_are_refused_for_want_of_resources()
    {
        var duo = new Duo(endpoint: new EndpointOptions { MaxAssociations = 1 }).Established();
        Assert.Equal(ConnectStatus.TooManyAssociations, duo.Client.Connect(duo.ClientAddress, 0, duo.ServerAddress, Duo.Port, duo.ClientOptions, 0, out _));
        var other = duo.Network.AddHost(SctpAddress.Parse("10.0.0.3"));
        other.Connect(SctpAddress.Parse("10.0.0.3"), 1, duo.ServerAddress, Duo.Port, duo.ClientOptions, duo.Network.Now, out _);
        duo.Network.Collect(other);
        duo.Run(1_000_000);
        var failure = Duo.NextEvent(other, EndpointEventKind.Failed).Failure!;
        Assert.Equal((FailureReason.Refused, (int)CauseCode.OutOfResource), (failure.Reason, failure.CauseCode));
    }

    [Fact]
    public void Unknown_parameters_are_reported_by_their_two_highest_bits()
    {
        var duo = new Duo();
        byte[] parameters = [0xC0, 0x00, 0, 4, 0x80, 0x55, 0, 4, 0x40, 0x66, 0, 5, 9, 0, 0, 0, 0xC0, 0x77, 0, 4];
        duo.Server.Receive(new SctpDatagram(Forge.Init(1024, Duo.Port, 77, parameters), duo.ClientAddress, duo.ServerAddress), 0);
        var packet = duo.Server.Output[0].Packet.Span;
        var reader = new ChunkReader(packet[CommonHeader.Size..]);
        Assert.True(reader.TryRead(out var chunk) && InitChunk.TryRead(chunk, out _));
        Assert.True(InitChunk.TryRead(chunk, out var initAck));
        var list = new TlvReader(initAck.Parameters);
        Assert.True(list.TryRead(out _));
        Assert.True(list.TryRead(out var report));
        Assert.Equal((ushort)ParameterType.Unrecognized, report.Type);

        // 0xC000 skip and report; 0x8055 skip in silence; 0x4066 stop and report; what follows is not looked at.
        Assert.Equal([0xC0, 0x00, 0, 4, 0x40, 0x66, 0, 5, 9, 0, 0, 0], report.Value.ToArray());
        Assert.Equal(77u, BinaryPrimitives.ReadUInt32BigEndian(packet[4..]));
    }

    [Fact]
    public void Options_that_cannot_work_are_refused_where_they_are_given()
    {
        var duo = new Duo();
        foreach (var options in new AssociationOptions[] { new() { RtoMin = 2, RtoMax = 1 }, new() { ReceiveBuffer = 1499 }, new() { OutboundStreams = 0 }, new() { SackDelay = 500_001 } })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => duo.Client.Connect(duo.ClientAddress, 0, duo.ServerAddress, 1, options, 0, out _));
            Assert.Throws<ArgumentOutOfRangeException>(() => duo.Client.Listen(default, 0, new ListenOptions { Association = options }, out _, out _));
        }
    }

    [Fact]
    public void Listeners_do_not_overlap_and_ephemeral_ports_are_found()
    {
        var endpoint = new Duo().Client;
        Assert.Equal(ListenStatus.Listening, endpoint.Listen(SctpAddress.AnyIPv4, 0, ListenOptions.Default, out var first, out var port));
        Assert.InRange(port, 32768, 60999);
        Assert.Equal(ListenStatus.InUse, endpoint.Listen(SctpAddress.Parse("10.0.0.1"), port, ListenOptions.Default, out _, out _));
        Assert.Equal(ListenStatus.InUse, endpoint.Listen(default, port, ListenOptions.Default, out _, out _));
        Assert.Equal(ListenStatus.Listening, endpoint.Listen(SctpAddress.AnyIPv6, port, ListenOptions.Default, out _, out _));
        Assert.True(endpoint.Unlisten(first));
        Assert.Equal(ListenStatus.Listening, endpoint.Listen(SctpAddress.Parse("10.0.0.1"), port, ListenOptions.Default, out _, out _));
    }
}
