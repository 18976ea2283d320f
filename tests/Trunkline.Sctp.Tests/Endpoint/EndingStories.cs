using Trunkline.Sctp.Endpoint;

namespace Trunkline.Sctp.Tests.Endpoint;

public sealed class EndingStories
{
    [Fact]
    public void Shutdown_sends_what_is_queued_first_and_both_ends_learn_it()
    {
        var duo = new Duo().Established();
        duo.SendFromA(5000);
        Assert.True(duo.Client.Shutdown(duo.A, duo.Network.Now));
        Assert.Equal(SendStatus.Closed, duo.SendFromA(1));
        duo.Run(2_000_000);
        Assert.Equal(["A: Shutdown", "Z: ShutdownAck", "A: ShutdownComplete"], duo.Log.TakeLast(3));
        Assert.True(Duo.HasEvent(duo.Client, EndpointEventKind.ShutdownComplete));
        Assert.True(Duo.HasEvent(duo.Server, EndpointEventKind.PeerShutdown));
        Assert.True(Duo.HasEvent(duo.Server, EndpointEventKind.ShutdownComplete));

        // What arrived stays readable after the end, until Release.
        Assert.Equal([5000], duo.ReadAll(duo.Server, duo.Z));
        Assert.Equal(ReadStatus.EndOfStream, duo.Server.Read(duo.Z, new byte[1], out _, 0));
        duo.Server.Release(duo.Z, 0);
        Assert.Equal(ReadStatus.Unknown, duo.Server.Read(duo.Z, new byte[1], out _, 0));
        Assert.Equal(0, duo.Server.AssociationCount);
        Assert.Equal(0, duo.Server.BufferMemoryInUse);
    }

    [Fact]
    public void What_the_peer_had_queued_still_arrives_during_our_shutdown()
    {
        var duo = new Duo().Established();
        for (var i = 0; i < 40; i++)
        {
            duo.SendFromZ(1400);
        }

        duo.Client.Shutdown(duo.A, duo.Network.Now);
        duo.Run(5_000_000);
        Assert.Equal(40, duo.ReadAll(duo.Client, duo.A).Count);
        Assert.True(Duo.HasEvent(duo.Client, EndpointEventKind.ShutdownComplete));
        Assert.True(Duo.HasEvent(duo.Server, EndpointEventKind.ShutdownComplete));
    }

    [Fact]
    public void A_reader_that_opens_its_window_during_its_own_shutdown_gets_the_rest()
    {
        var duo = new Duo(new AssociationOptions { ReceiveBuffer = 20_000 }).Established();
        for (var i = 0; i < 60; i++)
        {
            duo.SendFromZ(1400);
        }

        duo.Client.Shutdown(duo.A, duo.Network.Now);
        duo.Run(30_000_000);
        var got = duo.ReadAll(duo.Client, duo.A).Count;
        Assert.InRange(got, 5, 30);
        var start = duo.Network.Now;
        while (got < 60 && duo.Network.Now < start + 5_000_000)
        {
            duo.Run(50_000);
            got += duo.ReadAll(duo.Client, duo.A).Count;
        }

        Assert.Equal(60, got);
        duo.Run(5_000_000);
        Assert.True(Duo.HasEvent(duo.Client, EndpointEventKind.ShutdownComplete));
    }

    [Fact]
    public void Both_sides_shutting_down_at_once_end_in_order()
    {
        var duo = new Duo().Established();
        duo.Client.Shutdown(duo.A, duo.Network.Now);
        duo.Server.Shutdown(duo.Z, duo.Network.Now);
        duo.Run(2_000_000);
        Assert.True(Duo.HasEvent(duo.Client, EndpointEventKind.ShutdownComplete));
        Assert.True(Duo.HasEvent(duo.Server, EndpointEventKind.ShutdownComplete));
    }

    [Theory]
    [InlineData("A: Shutdown")]
    [InlineData("Z: ShutdownAck")]
    [InlineData("A: ShutdownComplete")]
    public void A_lost_packet_of_the_shutdown_is_made_good(string lost)
    {
        var duo = new Duo().Established();
        var times = 0;
        duo.Passes = line => line != lost || times++ > 0;
        duo.Client.Shutdown(duo.A, duo.Network.Now);
        duo.Run(10_000_000);
        Assert.Equal(2, times);
        Assert.True(Duo.HasEvent(duo.Client, EndpointEventKind.ShutdownComplete));
        Assert.True(Duo.HasEvent(duo.Server, EndpointEventKind.ShutdownComplete));
    }

    [Fact]
    public void Shutdown_that_nobody_answers_ends_with_a_reason()
    {
        var duo = new Duo().Established();
        duo.Passes = _ => false;
        duo.Client.Shutdown(duo.A, duo.Network.Now);
        duo.Run(2_000_000_000);
        Assert.Equal(FailureReason.ShutdownTimeout, Duo.NextEvent(duo.Client, EndpointEventKind.Failed).Failure!.Reason);
    }

    [Theory]
    [InlineData("A: Shutdown")]
    [InlineData("Z: ShutdownAck")]
    public void A_shutdown_or_its_acknowledgement_that_is_lost_comes_again_with_doubled_waits(string lost)
    {
        var duo = new Duo().Established();
        var times = new List<long>();
        duo.Passes = line =>
        {
            if (line == "A: Shutdown" && lost == "Z: ShutdownAck" && times.Count > 0)
            {
                // The acknowledgement's own timer is what is looked at.
                return false;
            }

            if (line != lost)
            {
                return true;
            }

            times.Add(duo.Network.Now);
            return times.Count > 4;
        };
        duo.Client.Shutdown(duo.A, duo.Network.Now);
        duo.Run(60_000_000);
        Assert.Equal([1_000_000, 2_000_000, 4_000_000, 8_000_000], times.Zip(times.Skip(1), (x, y) => y - x).Take(4));
        Assert.True(Duo.HasEvent(duo.Client, EndpointEventKind.ShutdownComplete));
        Assert.True(Duo.HasEvent(duo.Server, EndpointEventKind.ShutdownComplete));
    }

    [Fact]
    public void Shutdown_before_the_handshake_ends_follows_it()
    {
        var duo = new Duo();
        duo.Connect();
        Assert.Equal(SendStatus.Accepted, duo.SendFromA(10));
        Assert.True(duo.Client.Shutdown(duo.A, duo.Network.Now));
        duo.Run(5_000_000);
        Assert.True(Duo.HasEvent(duo.Client, EndpointEventKind.ShutdownComplete));
        var z = Duo.NextEvent(duo.Server, EndpointEventKind.Accepted).Association;
        Assert.Equal([10], duo.ReadAll(duo.Server, z));
    }

    [Fact]
    public void Abort_carries_the_programs_reason_to_the_peer()
    {
        var duo = new Duo().Established();
        Assert.True(duo.Client.Abort(duo.A, "tired\u0007"u8, duo.Network.Now));
        duo.Run(100_000);
        var failure = Duo.NextEvent(duo.Server, EndpointEventKind.Failed).Failure!;
        Assert.Equal((FailureReason.PeerAborted, 12, duo.ClientAddress), (failure.Reason, failure.CauseCode, failure.Reporter));
        Assert.EndsWith("User-Initiated Abort: tired.", failure.Detail, StringComparison.Ordinal);
        Assert.Equal(FailureReason.LocalAbort, Duo.NextEvent(duo.Client, EndpointEventKind.Failed).Failure!.Reason);
        Assert.Equal(ReadStatus.Failed, duo.Server.Read(duo.Z, new byte[1], out _, 0));
    }

    [Fact]
    public void A_peer_that_forgot_us_answers_our_data_with_abort()
    {
        var duo = new Duo().Established();
        duo.Network.Replace(duo.ServerAddress, new SctpEndpoint(new EndpointOptions(), new Simulation.SeededRandom(5)));
        duo.SendFromA(10);
        duo.Run(100_000);
        Assert.Equal(FailureReason.PeerAborted, Duo.NextEvent(duo.Client, EndpointEventKind.Failed).Failure!.Reason);
    }

    [Fact]
    public void Heartbeats_find_a_dead_peer()
    {
        var duo = new Duo().Established();
        duo.Run(40_000_000);
        Assert.Contains("A: Heartbeat", duo.Log);
        Assert.Contains("Z: HeartbeatAck", duo.Log);
        Assert.True(duo.InfoA.SmoothedRoundTrip >= 20_000);
        duo.Passes = _ => false;
        duo.Run(2_000_000_000);
        Assert.Contains("heartbeat", Duo.NextEvent(duo.Client, EndpointEventKind.Failed).Failure!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_heartbeat_ack_without_our_nonce_is_not_believed()
    {
        var duo = new Duo().Established();
        var before = duo.InfoA.SmoothedRoundTrip;
        duo.Passes = line => line != "A: Heartbeat";
        duo.Run(40_000_000);
        var ack = Forge.Packet(Duo.Port, 4000, duo.InfoA.LocalTag, Forge.Chunk(5, 0, [0, 1, 0, 20, .. new byte[16]]));
        duo.Client.Receive(new SctpDatagram(ack, duo.ServerAddress, duo.ClientAddress), duo.Network.Now);
        Assert.Equal(1, duo.Client.Counters.UnexpectedChunk);
        Assert.Equal(before, duo.InfoA.SmoothedRoundTrip);
    }
}
