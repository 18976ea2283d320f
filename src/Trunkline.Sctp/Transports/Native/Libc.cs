using System.Runtime.InteropServices;

namespace Trunkline.Sctp.Transports.Native;

/// <summary>The system calls .NET has no wrapper for: it refuses protocol 132 and knows neither setns nor recvmmsg.</summary>
internal static unsafe partial class Libc
{
    internal const int AfInet = 2, AfInet6 = 10;
    internal const int SockDgram = 2, SockRaw = 3, SockCloexec = 0x80000, SockNonblock = 0x800;
    internal const int IpprotoIp = 0, IpprotoIcmp = 1, IpprotoIpv6 = 41, IpprotoIcmpv6 = 58, IpprotoSctp = 132, IpprotoRaw = 255;
    internal const int SolSocket = 1, SoRcvbuf = 8, SoRcvbufForce = 33;
    internal const int IpPktinfo = 8, IpMtuDiscover = 10, IpMtu = 14, IcmpFilter = 1;
    internal const int Ipv6MtuDiscover = 23, Ipv6Mtu = 24, Ipv6RecvPktinfo = 49, Ipv6Pktinfo = 50, Icmpv6Filter = 1;
    internal const int PmtudiscDont = 0, PmtudiscDo = 2;
    internal const int MsgTrunc = 0x20, MsgDontwait = 0x40;
    internal const short PollIn = 1, PollOut = 4;
    internal const int CloneNewnet = 0x40000000, ORdonly = 0, OCloexec = 0x80000;

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    internal static partial int Socket(int domain, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    internal static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    internal static partial int SetSockOpt(int socket, int level, int option, void* value, uint length);

    [LibraryImport("libc", EntryPoint = "getsockopt", SetLastError = true)]
    internal static partial int GetSockOpt(int socket, int level, int option, void* value, uint* length);

    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    internal static partial int Connect(int socket, void* address, uint length);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    internal static partial int Bind(int socket, void* address, uint length);

    [LibraryImport("libc", EntryPoint = "getsockname", SetLastError = true)]
    internal static partial int GetSockName(int socket, void* address, uint* length);

    [LibraryImport("libc", EntryPoint = "recvmmsg", SetLastError = true)]
    internal static partial int ReceiveMany(int socket, MultiMessageHeader* messages, uint count, int flags, void* timeout);

    [LibraryImport("libc", EntryPoint = "sendmmsg", SetLastError = true)]
    internal static partial int SendMany(int socket, MultiMessageHeader* messages, uint count, int flags);

    /// <summary>A struct mmsghdr begins with the struct msghdr that sendmsg and recvmsg take.</summary>
    [LibraryImport("libc", EntryPoint = "sendmsg", SetLastError = true)]
    internal static partial nint SendMessage(int socket, MultiMessageHeader* message, int flags);

    [LibraryImport("libc", EntryPoint = "recvmsg", SetLastError = true)]
    internal static partial nint ReceiveMessage(int socket, MultiMessageHeader* message, int flags);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    internal static partial int Poll(PollDescriptor* descriptors, ulong count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    internal static partial int EventFd(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    internal static partial nint Read(int descriptor, void* buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    internal static partial nint Write(int descriptor, void* buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    internal static partial int SetNs(int descriptor, int kind);

    internal static void SetOption(int socket, int level, int option, int value) =>
        Check(SetSockOpt(socket, level, option, &value, sizeof(int)), "setsockopt");

    internal static bool TrySetOption(int socket, int level, int option, int value) =>
        SetSockOpt(socket, level, option, &value, sizeof(int)) == 0;

    internal static int Check(int result, string call) => result >= 0 ? result : throw LastError(call);

    internal static SctpException LastError(string call)
    {
        var error = Marshal.GetLastPInvokeError();
        return new SctpException((SctpError)error, $"{call}: {Marshal.GetPInvokeErrorMessage(error)}");
    }
}
