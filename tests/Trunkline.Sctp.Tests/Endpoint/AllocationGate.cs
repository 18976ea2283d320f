using Trunkline.Sctp.Endpoint;
using Trunkline.Sctp.Tests.Simulation;

namespace Trunkline.Sctp.Tests.Endpoint;

/// <summary>No allocation a packet once warm, held by counting bytes and not time.</summary>
public sealed class AllocationGate
{
    private static readonly SctpAddress _a = SctpAddress.Parse("10.0.0.1");
    private static readonly SctpAddress _z = SctpAddress.Parse("10.0.0.2");
    private readonly SctpEndpoint _client = new(new EndpointOptions(), new SeededRandom(1));
    private readonly SctpEndpoint _server = new(new EndpointOptions(), new SeededRandom(2));
    private readonly byte[] _buffer = new byte[64 * 1024];
    private AssociationId _from;
    private AssociationId _to;
    private long _now = 1_000_000;
    private int _packets;
    private int _dropEvery = int.MaxValue;

    [Theory]
    [InlineData(100)]
    [InlineData(1400)]
    [InlineData(20_000)]
    public void Steady_traffic_allocates_nothing(int size) => Measure(size, int.MaxValue);

    [Fact]
    public void Losses_and_their_repair_allocate_nothing() => Measure(1400, 50);

    private void Measure(int size, int dropEvery)
    {
        Establish();
        _dropEvery = dropEvery;
        var rounds = size < 1000 ? 75 : 300;
        Transfer(size, rounds + 100);
        var packetsBefore = _packets;
        var before = GC.GetAllocatedBytesForCurrentThread();
        Transfer(size, rounds);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(_packets - packetsBefore > 500, "the gate measured too few packets");
        Assert.Equal(0, allocated);
    }

    private void Establish()
    {
        _server.Listen(default, 5000, ListenOptions.Default, out _, out _);
        Assert.Equal(ConnectStatus.Started, _client.Connect(_a, 0, _z, 5000, AssociationOptions.Default, _now, out _from));
        for (var i = 0; i < 6; i++)
        {
            Exchange();
        }

        while (_server.TryReadEvent(out var occurred))
        {
            _to = occurred.Association;
        }

        Assert.False(_to.IsNone);
    }

    private void Transfer(int size, int rounds)
    {
        for (var round = 0; round < rounds; round++)
        {
            while (_client.Send(_from, (ushort)(round % 4), 0, SendModes.None, _buffer.AsSpan(0, size), _now) == SendStatus.Accepted)
            {
            }

            Exchange();
            while (_server.Read(_to, _buffer, out _, _now) == ReadStatus.Data)
            {
            }

            _server.Send(_to, 0, 0, SendModes.Unordered, _buffer.AsSpan(0, 50), _now);
            Exchange();
            while (_client.Read(_from, _buffer, out _, _now) == ReadStatus.Data)
            {
            }

            Drain(_client);
            Drain(_server);
        }
    }

    private static void Drain(SctpEndpoint endpoint)
    {
        while (endpoint.TryReadEvent(out _))
        {
        }
    }

    private void Exchange()
    {
        _now += 10_000;
        Run(_client, _server);
        Run(_server, _client);
    }

    private void Run(SctpEndpoint sender, SctpEndpoint receiver)
    {
        if (sender.NextDeadline <= _now)
        {
            sender.HandleTimeout(_now);
        }

        sender.Flush(_now);
        for (var i = 0; i < sender.Output.Count; i++)
        {
            ref readonly var datagram = ref sender.Output[i];
            if (++_packets % _dropEvery != 0)
            {
                receiver.Receive(new SctpDatagram(datagram.Packet.Span, datagram.Source, datagram.Destination), _now);
            }
        }

        sender.Output.Clear();
    }
}
