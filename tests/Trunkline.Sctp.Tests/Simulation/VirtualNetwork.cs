using Trunkline.Sctp.Endpoint;

namespace Trunkline.Sctp.Tests.Simulation;

/// <summary>Endpoints joined by a seeded network under virtual time: no thread, no clock, the same run for the same seed.</summary>
public sealed class VirtualNetwork(int seed, NetworkConditions conditions)
{
    private readonly Random _random = new(seed);
    private readonly PriorityQueue<(SctpEndpoint To, SctpAddress Source, SctpAddress Destination, byte[] Packet), (long, long)> _flying = new();
    private readonly Dictionary<SctpAddress, SctpEndpoint> _hosts = [];
    private long _sequence;

    public long Now { get; private set; } = 1_000_000;

    public NetworkConditions Conditions { get; set; } = conditions;

    /// <summary>Sees each packet sent; false drops it.</summary>
    public Func<SctpAddress, byte[], bool>? Filter { get; set; }

    public long Delivered { get; private set; }

    public SctpEndpoint AddHost(SctpAddress address, EndpointOptions? options = null, int? randomSeed = null, bool highNumbers = false)
    {
        var endpoint = new SctpEndpoint(options ?? new EndpointOptions(), new SeededRandom(randomSeed ?? unchecked((seed * 31) + _hosts.Count), highNumbers));
        _hosts[address] = endpoint;
        return endpoint;
    }

    public void Replace(SctpAddress address, SctpEndpoint endpoint) => _hosts[address] = endpoint;

    /// <summary>Collects what an endpoint wants to send.</summary>
    public void Collect(SctpEndpoint endpoint)
    {
        endpoint.Flush(Now);
        var batch = endpoint.Output;
        for (var i = 0; i < batch.Count; i++)
        {
            Launch(batch[i]);
        }

        batch.Clear();
    }

    /// <summary>Runs the next thing to happen before <paramref name="until"/>: a packet's arrival or a timer. False where there is none.</summary>
    public bool Step(long until)
    {
        var packetAt = _flying.TryPeek(out _, out var priority) ? priority.Item1 : long.MaxValue;
        var timerAt = long.MaxValue;
        SctpEndpoint? timed = null;
        foreach (var host in _hosts.Values)
        {
            if (host.NextDeadline < timerAt)
            {
                timerAt = host.NextDeadline;
                timed = host;
            }
        }

        if (Math.Min(packetAt, timerAt) > until)
        {
            Now = Math.Max(Now, until);
            return false;
        }

        if (packetAt <= timerAt)
        {
            Now = Math.Max(Now, packetAt);
            Deliver();
        }
        else
        {
            Now = Math.Max(Now, timerAt);
            timed!.HandleTimeout(Now);
            Collect(timed);
        }

        return true;
    }

    public void Run(long duration)
    {
        var until = Now + duration;
        while (Step(until))
        {
        }
    }

    private void Deliver()
    {
        var (to, source, destination, packet) = _flying.Dequeue();
        Delivered++;
        to.Receive(new SctpDatagram(packet, source, destination), Now);
        Collect(to);
    }

    private void Launch(in OutgoingDatagram datagram)
    {
        if (!_hosts.TryGetValue(datagram.Destination, out var to))
        {
            return;
        }

        var packet = datagram.Packet.ToArray();
        if ((Filter is not null && !Filter(datagram.Source, packet)) || _random.NextDouble() < Conditions.Loss)
        {
            return;
        }

        var copies = _random.NextDouble() < Conditions.Duplication ? 2 : 1;
        for (var i = 0; i < copies; i++)
        {
            var delay = Conditions.Delay + (Conditions.Jitter == 0 ? 0 : _random.NextInt64(Conditions.Jitter));
            delay += _random.NextDouble() < Conditions.Reordering ? _random.NextInt64(Conditions.Detour) : 0;
            var bytes = _random.NextDouble() < Conditions.Corruption ? Corrupt(packet) : packet;
            _flying.Enqueue((to, datagram.Source, datagram.Destination, bytes), (Now + delay, _sequence++));
        }
    }

    private byte[] Corrupt(byte[] packet)
    {
        var corrupt = (byte[])packet.Clone();
        for (var flips = _random.Next(1, 4); flips > 0; flips--)
        {
            corrupt[_random.Next(corrupt.Length)] ^= (byte)(1 << _random.Next(8));
        }

        return corrupt;
    }
}
