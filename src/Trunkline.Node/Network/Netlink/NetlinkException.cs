namespace Trunkline.Node.Network.Netlink;

/// <summary>The kernel's refusal of a netlink request.</summary>
internal sealed class NetlinkException : IOException
{
    public const int NotFound = 2, NoSuchProcess = 3, Exists = 17, NoDevice = 19;

    public NetlinkException(string operation, int errno)
        : base($"{operation}: {System.Runtime.InteropServices.Marshal.GetPInvokeErrorMessage(errno)}") => Errno = errno;

    public NetlinkException()
    {
    }

    public NetlinkException(string message)
        : base(message)
    {
    }

    public NetlinkException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public int Errno { get; }
}
