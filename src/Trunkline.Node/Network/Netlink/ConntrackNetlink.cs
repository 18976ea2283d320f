using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Trunkline.Node.Network.Flows;

namespace Trunkline.Node.Network.Netlink;

/// <summary>Lists and deletes the kernel's known flows (ctnetlink, linux/netfilter/nfnetlink_conntrack.h) of the namespace in which it is made. Both families.</summary>
internal sealed class ConntrackNetlink : IConntrack, IDisposable
{
    private const ushort ChangeEntry = 0x100, Get = 0x101, Delete = 0x102, NewEntry = 0x100;
    private const int TupleOriginal = 1, TupleReply = 2, ProtocolInfo = 4, MarkValue = 8, MarkMask = 21, Filter = 25, TupleIp = 1, TupleProtocol = 2;
    private const int Number = 1, SourcePort = 2, DestinationPort = 3, IcmpId = 4, IcmpType = 5, IcmpCode = 6, Icmpv6Id = 7, Icmpv6Type = 8, Icmpv6Code = 9, FilterOriginal = 1, FilterReply = 2;
    private const int BySource = 1, ByDestination = 2, ByProtocol = 8, ByDestinationPort = 32;
    private const int InfoSctp = 3, SctpState = 1;
    private const byte Unspecified = 0, Ipv4 = 2, Ipv6 = 10, SctpEstablished = 4, SctpHeartbeatSent = 8;
    private readonly NetlinkSocket _socket = new(NetlinkSocket.Netfilter);
    private readonly Lock _lock = new();

    public void Dispose() => _socket.Dispose();

    public IReadOnlyList<TrackedFlow> List() => List(new NetlinkRequest("list tracked flows", Get, NetlinkRequest.Dump, [Unspecified, 0, 0, 0]));

    /// <summary>Since Linux 5.8 the kernel compares tuples itself (CTA_FILTER); of one family at a time.</summary>
    public IReadOnlyList<TrackedFlow> List(FlowFilter filter)
    {
        var family = Family((filter.Destination ?? filter.Source ?? filter.Target)!);
        var original = (filter.Source is null ? 0 : BySource) | (filter.Destination is null ? 0 : ByDestination)
            | (filter.Protocol is null ? 0 : ByProtocol) | (filter.DestinationPort is null ? 0 : ByDestinationPort);
        var reply = filter.Target is null ? 0 : BySource;
        var request = new NetlinkRequest("list some tracked flows", Get, NetlinkRequest.Dump, [family, 0, 0, 0]);
        if (original != 0)
        {
            request.Nest(TupleOriginal, tuple => Write(tuple, family, filter.Source, filter.Destination, filter.Protocol, null, filter.DestinationPort));
        }

        if (reply != 0)
        {
            request.Nest(TupleReply, tuple => Write(tuple, family, filter.Target, null, null, null, null));
        }

        // A kernel that is not asked by this flag compares nothing.
        return List(request.Nest(Filter, flags => flags.Add(FilterOriginal, original).Add(FilterReply, reply)));
    }

    /// <summary>One look-up in the kernel's hash table.</summary>
    public TrackedFlow? OfReply(int protocol, IPAddress source, int sourcePort, IPAddress destination, int destinationPort)
    {
        var family = Family(source);
        var request = new NetlinkRequest("find the flow of a reply", Get, NetlinkRequest.Acknowledge, [family, 0, 0, 0])
            .Nest(TupleReply, tuple => Write(tuple, family, source, destination, protocol, sourcePort, destinationPort));
        try
        {
            return List(request).FirstOrDefault();
        }
        catch (NetlinkException exception) when (exception.Errno == NetlinkException.NotFound)
        {
            return null;
        }
    }

    /// <summary>False where it has ended by itself.</summary>
    public bool Remove(TrackedFlow flow) => Try(Of(flow, "delete a tracked flow", Delete));

    /// <summary>False where it has ended by itself.</summary>
    public bool Mark(TrackedFlow flow, uint bits) => Try(Of(flow, "mark a tracked flow", ChangeEntry).Add(MarkValue, Network(bits)).Add(MarkMask, Network(bits)));

    private static NetlinkRequest Of(TrackedFlow flow, string operation, ushort type)
    {
        var family = Family(flow.Source);
        return new NetlinkRequest(operation, type, NetlinkRequest.Acknowledge, [family, 0, 0, 0]).Nest(TupleOriginal, tuple => Write(tuple, family, flow));
    }

    private bool Try(NetlinkRequest request)
    {
        lock (_lock)
        {
            return _socket.Try(request, NetlinkException.NotFound);
        }
    }

    private static void Write(NetlinkRequest tuple, byte family, TrackedFlow flow)
    {
        if (!IsIcmp(flow.Protocol))
        {
            Write(tuple, family, flow.Source, flow.Destination, flow.Protocol, flow.SourcePort, flow.DestinationPort);
            return;
        }

        Write(tuple, family, flow.Source, flow.Destination, null, null, null);
        var first = family == Ipv4 ? IcmpId : Icmpv6Id;
        tuple.Nest(TupleProtocol, transport => transport.Add(Number, [(byte)flow.Protocol])
            .Add(first, Port((int)(flow.IcmpKey & 0xFFFF))).Add(first + 1, [(byte)(flow.IcmpKey >> 24)]).Add(first + 2, [(byte)(flow.IcmpKey >> 16)]));
    }

    private static bool IsIcmp(int protocol) => protocol is 1 or 58;

    private static byte[] Network(uint number) => [(byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number];

    private List<TrackedFlow> List(NetlinkRequest request)
    {
        var flows = new List<TrackedFlow>();
        lock (_lock)
        {
            _socket.List(request, (type, body) =>
            {
                if (type == NewEntry && body.Length > 4 && Parse(body[4..]) is { } flow)
                {
                    flows.Add(flow);
                }
            });
        }

        return flows;
    }

    private static byte Family(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 ? Ipv6 : Ipv4;

    private static void Write(NetlinkRequest tuple, byte family, IPAddress? source, IPAddress? destination, int? protocol, int? sourcePort, int? destinationPort)
    {
        var first = family == Ipv4 ? 1 : 3; // CTA_IP_V4_SRC, CTA_IP_V4_DST; CTA_IP_V6_SRC, CTA_IP_V6_DST
        tuple.Nest(TupleIp, ip =>
        {
            if (source is not null)
            {
                ip.Add(first, source);
            }

            if (destination is not null)
            {
                ip.Add(first + 1, destination);
            }
        });
        if (protocol is { } number)
        {
            tuple.Nest(TupleProtocol, transport =>
            {
                transport.Add(Number, [(byte)number]);
                if (sourcePort is { } from)
                {
                    transport.Add(SourcePort, Port(from));
                }

                if (destinationPort is { } to)
                {
                    transport.Add(DestinationPort, Port(to));
                }
            });
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

        var mark = NetlinkAttributes.Find(attributes, MarkValue);
        var state = NetlinkAttributes.Find(NetlinkAttributes.Find(NetlinkAttributes.Find(attributes, ProtocolInfo), InfoSctp), SctpState);
        return new TrackedFlow(protocol, from, fromPort, to, toPort, replyFrom, replyFromPort)
        {
            IsAssociation = state is [SctpEstablished or SctpHeartbeatSent],
            Mark = mark.Length == 4 ? BinaryPrimitives.ReadUInt32BigEndian(mark) : 0,
            IcmpKey = Icmp(NetlinkAttributes.Find(NetlinkAttributes.Find(attributes, TupleOriginal), TupleProtocol), protocol),
        };
    }

    private static bool Tuple(ReadOnlySpan<byte> tuple, out IPAddress source, out IPAddress destination, out int protocol, out int sourcePort, out int destinationPort)
    {
        var ip = NetlinkAttributes.Find(tuple, TupleIp);
        var transport = NetlinkAttributes.Find(tuple, TupleProtocol);
        var from = Either(ip, 1, 3);
        var to = Either(ip, 2, 4);
        var number = NetlinkAttributes.Find(transport, Number);
        var fromPort = NetlinkAttributes.Find(transport, SourcePort);
        var toPort = NetlinkAttributes.Find(transport, DestinationPort);
        (source, destination, protocol, sourcePort, destinationPort) = (IPAddress.None, IPAddress.None, 0, 0, 0);
        if (from.Length is not (4 or 16) || to.Length != from.Length || number.Length != 1)
        {
            return false;
        }

        (source, destination, protocol) = (new IPAddress(from), new IPAddress(to), number[0]);
        if (fromPort.Length != 2 || toPort.Length != 2)
        {
            return true; // ICMP and the like have no ports
        }

        (sourcePort, destinationPort) = (BinaryPrimitives.ReadUInt16BigEndian(fromPort), BinaryPrimitives.ReadUInt16BigEndian(toPort));
        return true;
    }

    private static uint Icmp(ReadOnlySpan<byte> transport, int protocol)
    {
        var first = protocol == 1 ? IcmpId : Icmpv6Id;
        var id = NetlinkAttributes.Find(transport, first);
        var type = NetlinkAttributes.Find(transport, first + 1);
        var code = NetlinkAttributes.Find(transport, first + 2);
        return IsIcmp(protocol) && id.Length == 2 && type.Length == 1 && code.Length == 1
            ? (uint)(type[0] << 24 | code[0] << 16 | BinaryPrimitives.ReadUInt16BigEndian(id))
            : 0;
    }

    private static ReadOnlySpan<byte> Either(ReadOnlySpan<byte> ip, int v4, int v6)
    {
        var address = NetlinkAttributes.Find(ip, v4);
        return address.Length > 0 ? address : NetlinkAttributes.Find(ip, v6);
    }
}
