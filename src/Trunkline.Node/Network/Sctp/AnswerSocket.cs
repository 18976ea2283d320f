using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Trunkline.Node.Network.Netlink;

namespace Trunkline.Node.Network.Sctp;

/// <summary>Sends packets made whole, from whatever address stands in them, of the namespace in which it is made.</summary>
internal sealed class AnswerSocket : IDisposable
{
    private const int Ipv4 = 2, Ipv6 = 10, Raw = 3, CloseOnExec = 0x80000, ProtocolRaw = 255, SocketLevel = 1, MarkOption = 36;
    private const int FamilyNotSupported = 97;
    private readonly Socket? _v4;
    private readonly Socket? _v6;

    public AnswerSocket()
    {
        _v4 = Open(Ipv4);
        try
        {
            _v6 = Open(Ipv6);
        }
        catch (NetlinkException)
        {
            _v4?.Dispose();
            throw;
        }
    }

    /// <summary>Not where there is no way, no room in time, or no such family on this machine: whoever waits for the answer sends again.</summary>
    public void TrySend(ReadOnlySpan<byte> packet)
    {
        var isV4 = packet[0] >> 4 == 4;
        var destination = new IPAddress(isV4 ? packet[16..20] : packet[24..40]);
        try
        {
            (isV4 ? _v4 : _v6)?.SendTo(packet, new IPEndPoint(destination, 0));
        }
        catch (SocketException exception) when (exception.SocketErrorCode is not SocketError.NotSocket)
        {
            // As a packet lost on the way.
        }
    }

    public void Dispose()
    {
        _v4?.Dispose();
        _v6?.Dispose();
    }

    // Null where the kernel has no such family.
    private static Socket? Open(int family)
    {
        var descriptor = NetlinkLibc.Socket(family, Raw | CloseOnExec, ProtocolRaw);
        if (descriptor < 0)
        {
            var errno = Marshal.GetLastPInvokeError();
            return errno == FamilyNotSupported ? null : throw new NetlinkException("open a raw socket", errno);
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
