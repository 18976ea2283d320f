using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Trunkline.Node.Network.Netlink;

namespace Trunkline.Node.Network.Balancers;

/// <summary>Sends whole Ethernet frames on a link of this namespace (packet(7)).</summary>
internal static class PacketSender
{
    private const int AfPacket = 17, SockRaw = 3, CloseOnExec = 0x80000;

    public static void Send(int link, ReadOnlySpan<byte> frame)
    {
        var descriptor = NetlinkLibc.Socket(AfPacket, SockRaw | CloseOnExec, 0); // protocol 0: it receives nothing
        if (descriptor < 0)
        {
            throw new NetlinkException("open a packet socket", Marshal.GetLastPInvokeError());
        }

        try
        {
            // sockaddr_ll: family, protocol, ifindex, and the length and bytes of the destination, which the frame has itself.
            Span<byte> to = stackalloc byte[20];
            to.Clear();
            BinaryPrimitives.WriteUInt16LittleEndian(to, AfPacket);
            frame[12..14].CopyTo(to[2..]);
            BinaryPrimitives.WriteInt32LittleEndian(to[4..], link);
            to[11] = 6;
            frame[..6].CopyTo(to[12..]);
            if (NetlinkLibc.SendTo(descriptor, frame, frame.Length, 0, to, to.Length) < 0)
            {
                throw new NetlinkException("send a frame", Marshal.GetLastPInvokeError());
            }
        }
        finally
        {
            _ = NetlinkLibc.Close(descriptor);
        }
    }
}
