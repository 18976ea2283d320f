using System.Runtime.InteropServices;

namespace Trunkline.Sctp.Transports.Native;

/// <summary>struct iovec.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct IoVector
{
    internal void* Base;
    internal nuint Length;
}
