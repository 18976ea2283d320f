using System.Net;
using System.Net.Sockets;
using Trunkline.Sctp.Transports.Native;

namespace Trunkline.Sctp.Backends;

/// <summary>The kernel's own one-to-one SCTP sockets. .NET refuses protocol 132, but takes a descriptor made by socket(2).</summary>
internal static class KernelSockets
{
    private const int SockStream = 1;
    private const int StatusOption = 14; // SCTP_STATUS
    private const int ReceiveInfoOption = 32; // SCTP_RECVRCVINFO

    internal static async Task<KernelAssociation> ConnectAsync(IPEndPoint local, IPEndPoint remote, CancellationToken cancellationToken)
    {
        var socket = Open(remote.AddressFamily);
        try
        {
            if (local.Port != 0 || !local.Address.Equals(IPAddress.Any) && !local.Address.Equals(IPAddress.IPv6Any))
            {
                socket.Bind(local);
            }

            await socket.ConnectAsync(remote, cancellationToken);
            return new KernelAssociation(socket);
        }
        catch (SocketException failed)
        {
            socket.Dispose();
            throw ToSctp(failed);
        }
        catch (OperationCanceledException)
        {
            socket.Dispose();
            throw;
        }
    }

    internal static KernelListener Listen(SctpListenerOptions options)
    {
        // An unbound address means both families: an IPv6 socket takes IPv4 too unless told otherwise.
        var address = options.Address ?? IPAddress.IPv6Any;
        var socket = Open(address.AddressFamily);
        try
        {
            socket.Bind(new IPEndPoint(address, options.Port));
            socket.Listen(options.Backlog);
            return new KernelListener(socket);
        }
        catch (SocketException failed)
        {
            socket.Dispose();
            throw ToSctp(failed);
        }
    }

    /// <summary>False once the association is gone; RFC 6458 section 8.2.1.</summary>
    internal static unsafe bool HasAssociation(Socket socket)
    {
        const int room = 256;
        var status = stackalloc byte[room];
        uint length = room;
        return Libc.GetSockOpt((int)socket.Handle, Libc.IpprotoSctp, StatusOption, status, &length) == 0;
    }

    internal static SctpException ToSctp(SocketException failed) => new((SctpError)failed.NativeErrorCode);

    internal static void WantReceiveInfo(Socket socket) =>
        Libc.SetOption((int)socket.Handle, Libc.IpprotoSctp, ReceiveInfoOption, 1);

    private static Socket Open(AddressFamily family)
    {
        var domain = family == AddressFamily.InterNetwork ? Libc.AfInet : Libc.AfInet6;
        var descriptor = Libc.Socket(domain, SockStream | Libc.SockCloexec, Libc.IpprotoSctp);
        return descriptor >= 0
            ? new Socket(new SafeSocketHandle(descriptor, ownsHandle: true))
            : throw new SctpException((SctpError)System.Runtime.InteropServices.Marshal.GetLastPInvokeError());
    }
}
