using Trunkline.Sctp.Endpoint;
using Trunkline.Sctp.Wire;

namespace Trunkline.Sctp.Tests.Endpoint;

public sealed class TransferStories
{
    [Fact]
    public void One_small_message_is_acknowledged_after_the_delay_and_two_packets_at_once()
    {
        var duo = new Duo().Established();
        duo.SendFromA(100);
        duo.Run(150_000);
        Assert.Equal(["A: Data"], duo.Log);
        duo.Run(100_000);
        Assert.Equal(["A: Data", "Z: Sack"], duo.Log);
        duo.SendFromA(1400);
        duo.SendFromA(1400);
        duo.Run(100_000);
        Assert.Equal(["A: Data", "Z: Sack", "A: Data", "A: Data", "Z: Sack"], duo.Log);
    }

    [Fact]
    public void The_i_bit_brings_an_acknowledgement_at_once()
    {
        var duo = new Duo().Established();
        duo.SendFromA(100, modes: SendModes.AcknowledgeAtOnce);
        duo.Run(100_000);
        Assert.Equal(["A: Data", "Z: Sack"], duo.Log);
    }

    [Fact]
    public void Data_takes_a_waiting_acknowledgement_along()
    {
        var duo = new Duo().Established();
        duo.SendFromA(100);
        duo.Run(50_000);
        duo.SendFromZ(100);
        duo.Run(50_000);
        Assert.Equal(["A: Data", "Z: Sack Data"], duo.Log);
    }

    [Fact]
    public void A_large_message_travels_in_fragments_and_is_read_whole()
    {
        var duo = new Duo().Established();
        Assert.Equal(SendStatus.Accepted, duo.SendFromA(100_000));
        duo.Run(5_000_000);
        Assert.Equal([100_000], duo.ReadAll(duo.Server, duo.Z));
        Assert.All(duo.Packets, packet => Assert.True(packet.Length <= 1480));
    }

    [Fact]
    public void A_message_larger_than_both_buffers_travels_in_parts()
    {
        var small = new AssociationOptions { SendBuffer = 30_000, ReceiveBuffer = 20_000 };
        var duo = new Duo(small, new ListenOptions { Association = small }).Established();
        Assert.Equal(SendStatus.MessageTooLarge, duo.SendFromA(40_000));
        var (sent, read, ended) = (0, 0, false);
        var buffer = new byte[3000];
        for (var i = 0; i < 2000 && !ended; i++)
        {
            var part = Math.Min(8000, 300_000 - sent);
            if (part > 0 && duo.SendFromA(part, 3, sent + part < 300_000 ? SendModes.MoreFollows : SendModes.None) == SendStatus.Accepted)
            {
                sent += part;
            }

            duo.Run(100_000);
            while (duo.Server.Read(duo.Z, buffer, out var got, duo.Network.Now) == ReadStatus.Data)
            {
                Assert.Equal(3, got.Stream);
                read += got.Length;
                ended |= got.EndOfMessage;
            }
        }

        Assert.True(ended);
        Assert.Equal(300_000, read);
    }

    [Fact]
    public void While_a_message_is_unfinished_others_wait_and_shutdown_is_refused()
    {
        var duo = new Duo().Established();
        duo.SendFromA(100, 1, SendModes.MoreFollows);
        Assert.Equal(SendStatus.WouldBlock, duo.SendFromA(10, 2));
        Assert.Equal(SendStatus.MessageUnfinished, duo.SendFromA(10, 1, SendModes.Unordered));
        Assert.False(duo.Client.Shutdown(duo.A, duo.Network.Now));
        duo.SendFromA(100, 1);
        Assert.True(Duo.HasEvent(duo.Client, EndpointEventKind.Writable));
        Assert.Equal(SendStatus.Accepted, duo.SendFromA(10, 2));
        duo.Run(1_000_000);
        Assert.Equal([200, 10], duo.ReadAll(duo.Server, duo.Z));
    }

    [Fact]
    public void A_lost_message_holds_up_its_own_stream_only()
    {
        var duo = new Duo().Established();
        var lost = false;
        duo.Passes = line => lost || !(lost = line.StartsWith("A: Data", StringComparison.Ordinal));
        duo.SendFromA(1000, 1);
        duo.Run(1);
        duo.SendFromA(1001, 1);
        duo.SendFromA(1002, 2);
        duo.SendFromA(1003, 1, SendModes.Unordered);
        duo.Run(15_000);
        Assert.Equal([1002, 1003], duo.ReadAll(duo.Server, duo.Z));
        duo.Run(3_000_000);
        Assert.Equal([1000, 1001], duo.ReadAll(duo.Server, duo.Z));
    }

    [Fact]
    public void Three_missing_reports_bring_a_fast_retransmission_before_the_timer()
    {
        var duo = new Duo().Established();
        var data = 0;
        duo.Passes = line => !line.StartsWith("A: Data", StringComparison.Ordinal) || ++data != 2;
        for (var i = 0; i < 12; i++)
        {
            duo.SendFromA(1400);
        }

        duo.Run(500_000);
        Assert.Equal(12, duo.ReadAll(duo.Server, duo.Z).Count);
        Assert.Equal(1, duo.Client.Counters.FastRetransmits);
        Assert.Equal(0, duo.Client.Counters.TimerRetransmits);
    }

    [Fact]
    public void T3_backs_off_and_ends_the_association_after_its_limit()
    {
        var duo = new Duo().Established();
        duo.Passes = _ => false;
        duo.SendFromA(100);
        var start = duo.Network.Now;
        duo.Run(2_000_000_000);
        Assert.Equal(11, duo.Log.Count(line => line == "A: Data"));
        var failure = Duo.NextEvent(duo.Client, EndpointEventKind.Failed).Failure!;
        Assert.Equal(FailureReason.RetransmissionLimit, failure.Reason);
        Assert.Contains("after 11 timeouts", failure.Detail, StringComparison.Ordinal);
        Assert.Equal(SendStatus.Closed, duo.SendFromA(1));
        Assert.True(duo.Network.Now > start);
    }

    [Fact]
    public void T3_waits_twice_as_long_each_time()
    {
        var duo = new Duo().Established();
        var times = new List<long>();
        duo.Passes = line =>
        {
            times.Add(duo.Network.Now);
            return times.Count > 4;
        };
        duo.SendFromA(100);
        duo.Run(16_000_000);
        Assert.Equal([1_000_000, 2_000_000, 4_000_000, 8_000_000], times.Zip(times.Skip(1), (x, y) => y - x).Take(4));
        Assert.Equal([100], duo.ReadAll(duo.Server, duo.Z));
    }

    [Fact]
    public void Stream_sequence_numbers_wrap()
    {
        const int messages = 140_000;
        var duo = new Duo().Established();
        var buffer = new byte[8];
        int sent = 0, read = 0;
        var payload = new byte[4];
        while (read < messages)
        {
            for (; sent < messages; sent++)
            {
                BitConverter.TryWriteBytes(payload, sent);
                if (duo.Client.Send(duo.A, 1, 0, SendModes.None, payload, duo.Network.Now) != SendStatus.Accepted)
                {
                    break;
                }
            }

            duo.Run(20_000);
            duo.Log.Clear();
            duo.Packets.Clear();
            while (duo.Server.Read(duo.Z, buffer, out _, duo.Network.Now) == ReadStatus.Data)
            {
                Assert.Equal(read++, BitConverter.ToInt32(buffer));
            }
        }
    }

    [Fact]
    public void A_closed_window_is_probed_and_a_reader_opens_it_at_once()
    {
        var small = new AssociationOptions { ReceiveBuffer = 20_000 };
        var duo = new Duo(listen: new ListenOptions { Association = small }).Established();
        for (var i = 0; i < 60; i++)
        {
            Assert.Equal(SendStatus.Accepted, duo.SendFromA(1000));
        }

        // A quarter of an hour of closed window does not end the association: the peer answers.
        duo.Run(900_000_000);
        Assert.Equal(AssociationState.Established, duo.InfoA.State);
        Assert.True(duo.InfoZ.ReceiveBufferUsed <= 22_000);
        var got = duo.ReadAll(duo.Server, duo.Z).Count;
        Assert.InRange(got, 10, 30);
        duo.Log.Clear();
        duo.Pump();
        Assert.Equal("Z: Sack", duo.Log[0]);
        for (var i = 0; i < 200; i++)
        {
            duo.Run(50_000);
            got += duo.ReadAll(duo.Server, duo.Z).Count;
        }

        Assert.Equal(60, got);
    }

    [Fact]
    public void A_full_send_buffer_blocks_and_wakes()
    {
        var duo = new Duo(new AssociationOptions { SendBuffer = 10_000 }).Established();
        var taken = 0;
        while (duo.SendFromA(1000) == SendStatus.Accepted)
        {
            taken++;
        }

        Assert.Equal(9, taken);
        Assert.False(Duo.HasEvent(duo.Client, EndpointEventKind.Writable));
        duo.Run(1_000_000);
        Assert.True(Duo.HasEvent(duo.Client, EndpointEventKind.Writable));
    }

    [Fact]
    public void An_endpoint_out_of_memory_blocks_its_senders_and_wakes_them()
    {
        var duo = new Duo(endpoint: new EndpointOptions { MaxBufferMemory = 65_536 }).Established();
        var status = SendStatus.Accepted;
        for (var i = 0; i < 100 && status == SendStatus.Accepted; i++)
        {
            status = duo.SendFromA(1400);
        }

        Assert.Equal(SendStatus.WouldBlock, status);
        duo.Run(5_000_000);
        duo.ReadAll(duo.Server, duo.Z);
        duo.Run(50_000_000);
        Assert.True(Duo.HasEvent(duo.Client, EndpointEventKind.Writable));
        Assert.Equal(0, duo.InfoA.SendBufferUsed);
    }

    [Fact]
    public void Streams_take_turns()
    {
        var duo = new Duo(new AssociationOptions { MaxBurst = 1 }).Established();
        for (var i = 0; i < 4; i++)
        {
            duo.SendFromA(1400, 1);
        }

        duo.SendFromA(700, 2);
        duo.Run(2_000_000);
        Assert.Equal(700, duo.ReadAll(duo.Server, duo.Z)[1]);
    }

    [Theory]
    [InlineData(0, SendStatus.EmptyMessage)]
    [InlineData(1, SendStatus.InvalidStream)]
    public void What_cannot_be_sent_is_said(int size, SendStatus expected) =>
        Assert.Equal(expected, new Duo().Established().SendFromA(size, 999));

    [Fact]
    public void Data_on_a_stream_that_was_not_negotiated_is_acknowledged_reported_and_dropped()
    {
        var duo = new Duo().Established();
        var info = duo.InfoZ;
        var tsn = duo.Client.TryGetInfo(duo.A, out _) ? FirstTsn(duo) : 0;
        Inject(duo, info.LocalTag, Forge.Data(tsn, 9999, 0, 3, 1, 2, 3));
        Assert.Equal(["Z: Error"], duo.Log);
        duo.Run(300_000);
        Assert.Equal(["Z: Error", "Z: Sack"], duo.Log.Take(2));
        Assert.Empty(duo.ReadAll(duo.Server, duo.Z));
    }

    [Fact]
    public void Data_without_user_data_is_a_reason_to_abort()
    {
        var duo = new Duo().Established();
        Inject(duo, duo.InfoZ.LocalTag, Forge.Data(FirstTsn(duo), 0, 0, 3));
        Assert.Equal(["Z: Abort"], duo.Log);
        var failure = Duo.NextEvent(duo.Server, EndpointEventKind.Failed).Failure!;
        Assert.Equal((FailureReason.ProtocolViolation, (int)CauseCode.NoUserData), (failure.Reason, failure.CauseCode));
    }

    [Fact]
    public void A_sack_of_what_was_never_sent_is_a_reason_to_abort()
    {
        var duo = new Duo().Established();
        duo.SendFromZ(1);
        duo.Run(1);
        Assert.True(new ChunkReader(duo.Packets[^1].AsSpan(CommonHeader.Size)).TryRead(out var chunk) && DataChunk.TryRead(chunk, out _));
        DataChunk.TryRead(chunk, out var data);
        Inject(duo, duo.InfoZ.LocalTag, Forge.Sack(data.Tsn + 1, 100_000));
        Assert.Equal(FailureReason.ProtocolViolation, Duo.NextEvent(duo.Server, EndpointEventKind.Failed).Failure!.Reason);
    }

    [Fact]
    public void A_fragment_that_contradicts_its_neighbour_is_a_reason_to_abort()
    {
        var duo = new Duo().Established();
        var tsn = FirstTsn(duo);
        Inject(duo, duo.InfoZ.LocalTag, Forge.Data(tsn, 0, 0, DataChunk.Begin, 1), Forge.Data(tsn + 1, 1, 0, DataChunk.End, 1));
        Assert.Equal(FailureReason.ProtocolViolation, Duo.NextEvent(duo.Server, EndpointEventKind.Failed).Failure!.Reason);
    }

    /// <summary>The TSN that A will send first, learnt from a message of its own that is lost.</summary>
    private static uint FirstTsn(Duo duo)
    {
        duo.Passes = line => !line.StartsWith("A:", StringComparison.Ordinal);
        duo.SendFromA(1);
        duo.Run(1);
        var reader = new ChunkReader(duo.Packets[^1].AsSpan(CommonHeader.Size));
        reader.TryRead(out var chunk);
        DataChunk.TryRead(chunk, out var data);
        duo.Log.Clear();
        return data.Tsn;
    }

    private static void Inject(Duo duo, uint tag, params byte[][] chunks)
    {
        duo.Server.Receive(new SctpDatagram(Forge.Packet(4000, Duo.Port, tag, chunks), duo.ClientAddress, duo.ServerAddress), duo.Network.Now);
        duo.Network.Collect(duo.Server);
    }
}
