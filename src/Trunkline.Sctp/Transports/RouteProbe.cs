using Trunkline.Sctp.Endpoint;
using Trunkline.Sctp.Transports.Native;

namespace Trunkline.Sctp.Transports;

/// <summary>Asks the kernel's routing by connecting or binding a UDP socket of the calling thread's namespace; nothing is sent.</summary>
internal static unsafe class RouteProbe
{
    private const ushort AnyPort = 9;

    internal static SctpAddress SelectSource(SctpAddress destination)
    {
        var descriptor = Open(destination);
        try
        {
            Connect(descriptor, destination);
            var name = stackalloc byte[SocketAddressBytes.Size];
            uint length = SocketAddressBytes.Size;
            _ = Libc.Check(Libc.GetSockName(descriptor, name, &length), "getsockname");
            return SocketAddressBytes.Read(new ReadOnlySpan<byte>(name, SocketAddressBytes.Size));
        }
        finally
        {
            _ = Libc.Close(descriptor);
        }
    }

    internal static bool TryGetMtu(SctpAddress destination, out int mtu)
    {
        mtu = 0;
        var descriptor = Open(destination);
        try
        {
            Connect(descriptor, destination);
            int value;
            uint length = sizeof(int);
            var ipv4 = destination.IsIPv4;
            var result = Libc.GetSockOpt(descriptor, ipv4 ? Libc.IpprotoIp : Libc.IpprotoIpv6, ipv4 ? Libc.IpMtu : Libc.Ipv6Mtu, &value, &length);
            mtu = value;
            return result == 0;
        }
        catch (SctpException)
        {
            // The route went away between the send that failed and this question: there is no MTU to tell.
            return false;
        }
        finally
        {
            _ = Libc.Close(descriptor);
        }
    }

    internal static bool IsLocal(SctpAddress address)
    {
        if (address.IsAny)
        {
            return true;
        }

        var descriptor = Open(address);
        try
        {
            var name = stackalloc byte[SocketAddressBytes.Size];
            return Libc.Bind(descriptor, name, SocketAddressBytes.Write(new Span<byte>(name, SocketAddressBytes.Size), address)) == 0;
        }
        finally
        {
            _ = Libc.Close(descriptor);
        }
    }

    private static int Open(SctpAddress address) => Libc.Check(
        Libc.Socket(address.IsIPv4 ? Libc.AfInet : Libc.AfInet6, Libc.SockDgram | Libc.SockCloexec, 0), "socket");

    private static void Connect(int descriptor, SctpAddress destination)
    {
        var name = stackalloc byte[SocketAddressBytes.Size];
        var length = SocketAddressBytes.Write(new Span<byte>(name, SocketAddressBytes.Size), destination, AnyPort);
        _ = Libc.Check(Libc.Connect(descriptor, name, length), "connect");
    }
}
