using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Trunkline.Node.Network.Netlink;

namespace Trunkline.Node.Network.Sctp;

/// <summary>Sends packets made whole, from whatever address stands in them, of the namespace in which it is made.</summary>
internal sealed class AnswerSocket : IDisposable
{
    private const int Ipv4 = 2, Ipv6 = 10, Raw = 3, CloseOnExec = 0x80000, ProtocolRaw = 255, SocketLevel = 1, MarkOption = 36;
    private readonly Socket _v4 = Open(Ipv4);
    private readonly Socket _v6 = Open(Ipv6);

    /// <summary>False where there is no way, or no room in time.</summary>
    public bool TrySend(ReadOnlySpan<byte> packet)
    {
        var isV4 = packet[0] >> 4 == 4;
        var destination = new IPAddress(isV4 ? packet[16..20] : packet[24..40]);
        try
        {
            (isV4 ? _v4 : _v6).SendTo(packet, new IPEndPoint(destination, 0));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        _v4.Dispose();
        _v6.Dispose();
    }

    private static Socket Open(int family)
    {
        var descriptor = NetlinkLibc.Socket(family, Raw | CloseOnExec, ProtocolRaw);
        if (descriptor < 0)
        {
            throw new NetlinkException("open a raw socket", Marshal.GetLastPInvokeError());
        }

        var socket = new Socket(new SafeSocketHandle(descriptor, ownsHandle: true)) { SendTimeout = 100 };
        if (NetlinkLibc.SetOption(descriptor, SocketLevel, MarkOption, [SctpChains.AnswerMark], 4) != 0)
        {
            socket.Dispose();
            throw new NetlinkException("mark a raw socket", Marshal.GetLastPInvokeError());
        }

        return socket;
    }
}
