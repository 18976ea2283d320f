using System.Buffers.Binary;
using System.Net;
using Trunkline.Node.Network.Flows;

namespace Trunkline.Node.Network.Netlink;

/// <summary>Lists and deletes the kernel's known flows (ctnetlink) of the namespace in which it is made. IPv4.</summary>
internal sealed class ConntrackNetlink : IConntrack, IDisposable
{
    private const ushort Get = 0x101, Delete = 0x102, NewEntry = 0x100;
    private const int TupleOriginal = 1, TupleReply = 2, TupleIp = 1, TupleProtocol = 2;
    private readonly NetlinkSocket _socket = new(NetlinkSocket.Netfilter);
    private readonly Lock _lock = new();

    public void Dispose() => _socket.Dispose();

    public IReadOnlyList<TrackedFlow> List()
    {
        var flows = new List<TrackedFlow>();
        lock (_lock)
        {
            _socket.List(new NetlinkRequest("list tracked flows", Get, NetlinkRequest.Dump, [2, 0, 0, 0]), (type, body) =>
            {
                if (type == NewEntry && body.Length > 4 && Parse(body[4..]) is { } flow)
                {
                    flows.Add(flow);
                }
            });
        }

        return flows;
    }

    /// <summary>False where it has ended by itself.</summary>
    public bool Remove(TrackedFlow flow)
    {
        var request = new NetlinkRequest("delete a tracked flow", Delete, NetlinkRequest.Acknowledge, [2, 0, 0, 0])
            .Nest(TupleOriginal, tuple => tuple
                .Nest(TupleIp, ip => ip.Add(1, flow.Source).Add(2, flow.Destination))
                .Nest(TupleProtocol, protocol => protocol.Add(1, [(byte)flow.Protocol]).Add(2, Port(flow.SourcePort)).Add(3, Port(flow.DestinationPort))));
        lock (_lock)
        {
            return _socket.Try(request, NetlinkException.NotFound);
        }
    }

    private static byte[] Port(int port) => [(byte)(port >> 8), (byte)port];

    private static TrackedFlow? Parse(ReadOnlySpan<byte> attributes)
    {
        if (!Tuple(NetlinkAttributes.Find(attributes, TupleOriginal), out var from, out var to, out var protocol, out var fromPort, out var toPort)
            || !Tuple(NetlinkAttributes.Find(attributes, TupleReply), out var replyFrom, out _, out _, out var replyFromPort, out _))
        {
            return null;
        }

        return new TrackedFlow(protocol, from, fromPort, to, toPort, replyFrom, replyFromPort);
    }

    private static bool Tuple(ReadOnlySpan<byte> tuple, out IPAddress source, out IPAddress destination, out int protocol, out int sourcePort, out int destinationPort)
    {
        var ip = NetlinkAttributes.Find(tuple, TupleIp);
        var transport = NetlinkAttributes.Find(tuple, TupleProtocol);
        var from = NetlinkAttributes.Find(ip, 1);
        var to = NetlinkAttributes.Find(ip, 2);
        var number = NetlinkAttributes.Find(transport, 1);
        var fromPort = NetlinkAttributes.Find(transport, 2);
        var toPort = NetlinkAttributes.Find(transport, 3);
        (source, destination, protocol, sourcePort, destinationPort) = (IPAddress.None, IPAddress.None, 0, 0, 0);
        if (from.Length != 4 || to.Length != 4 || number.Length != 1 || fromPort.Length != 2 || toPort.Length != 2)
        {
            return false; // ICMP and the like have no ports, and are nobody's flow here
        }

        (source, destination, protocol) = (new IPAddress(from), new IPAddress(to), number[0]);
        (sourcePort, destinationPort) = (BinaryPrimitives.ReadUInt16BigEndian(fromPort), BinaryPrimitives.ReadUInt16BigEndian(toPort));
        return true;
    }
}
