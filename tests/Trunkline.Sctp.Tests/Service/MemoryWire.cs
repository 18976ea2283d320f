using System.Collections.Concurrent;
using Trunkline.Sctp.Endpoint;
using Trunkline.Sctp.Transports;

namespace Trunkline.Sctp.Tests.Service;

/// <summary>Hosts whose loops pass packets to one another in memory: the whole of a service without a namespace or a privilege.</summary>
internal sealed class MemoryWire
{
    private readonly ConcurrentDictionary<SctpAddress, Port> _ports = new();

    public IPacketTransport Host(string address)
    {
        var own = SctpAddress.Parse(address);
        return _ports.GetOrAdd(own, new Port(this, own));
    }

    private sealed class Port(MemoryWire wire, SctpAddress own) : IPacketTransport
    {
        private readonly ConcurrentQueue<(byte[] Packet, SctpAddress Source)> _arrived = new();
        private readonly SemaphoreSlim _wake = new(0);

        public string Name => "memory";

        public void Open()
        {
        }

        public bool Receive(SctpEndpoint endpoint, long now)
        {
            for (var i = 0; i < 32 && _arrived.TryDequeue(out var packet); i++)
            {
                endpoint.Receive(new SctpDatagram(packet.Packet, packet.Source, own), now);
            }

            return !_arrived.IsEmpty;
        }

        public void Send(DatagramBatch batch, SctpEndpoint endpoint, long now)
        {
            for (var i = 0; i < batch.Count; i++)
            {
                if (wire._ports.TryGetValue(batch[i].Destination, out var peer))
                {
                    peer._arrived.Enqueue((batch[i].Packet.ToArray(), own));
                    peer.Wake();
                }
            }
        }

        public void Wait(int milliseconds) => _wake.Wait(TimeSpan.FromMilliseconds(milliseconds));

        // Never disposed: like an event descriptor's guard, a late call finds nobody and does no harm.
        public void Wake() => _wake.Release();

        public SctpAddress SelectSource(SctpAddress destination) => own;

        public bool IsLocal(SctpAddress address) => address == own;

        public void Dispose() => wire._ports.TryRemove(own, out _);
    }
}
