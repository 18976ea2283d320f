using System.Buffers.Binary;
using Trunkline.Node.Network.Netlink;

namespace Trunkline.Node.Network.Sctp;

/// <summary>Whole packets that rules log to groups (nfnetlink_log), of the namespace in which it is made. One listener a group.</summary>
internal sealed class PacketLog : IDisposable
{
    private const ushort Config = 0x401, Packet = 0x400;
    private const int Command = 1, Mode = 2, Threshold = 5, Payload = 9;
    private const byte Bind = 1, CopyPacket = 2;
    private readonly NetlinkSocket _socket = new(NetlinkSocket.Netfilter, patienceSeconds: 1);

    public PacketLog(params ReadOnlySpan<int> groups)
    {
        try
        {
            foreach (var group in groups)
            {
                Configure(group, request => request.Add(Command, [Bind]));
                Configure(group, request => request.Add(Mode, [0, 0, 0xFF, 0xFF, CopyPacket, 0]));
                Configure(group, request => request.Add(Threshold, [0, 0, 0, 1])); // each at once
            }
        }
        catch (NetlinkException)
        {
            _socket.Dispose();
            throw;
        }
    }

    public delegate void Handler(int group, ReadOnlySpan<byte> packet);

    /// <summary>Waits up to a second, and hands on what is there. A log that ran over has lost packets, and goes on.</summary>
    public void Read(Handler handler) => _socket.Receive((type, body) =>
    {
        if (type == Packet && body.Length > 4)
        {
            handler(BinaryPrimitives.ReadUInt16BigEndian(body[2..]), NetlinkAttributes.Find(body[4..], Payload));
        }
    });

    public void Dispose() => _socket.Dispose();

    private void Configure(int group, Func<NetlinkRequest, NetlinkRequest> content) =>
        _socket.Do(content(new NetlinkRequest($"listen to packet log {group}", Config, NetlinkRequest.Acknowledge, [0, 0, (byte)(group >> 8), (byte)group])));
}
