using System.Runtime.InteropServices;

namespace Trunkline.Sctp.Transports.Native;

/// <summary>struct mmsghdr of 64-bit Linux: a struct msghdr and the number of bytes moved.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MultiMessageHeader
{
    internal void* Name;
    internal uint NameLength;
    internal IoVector* Vectors;
    internal nuint VectorCount;
    internal void* Control;
    internal nuint ControlLength;
    internal int Flags;

    // msghdr is padded to 56 bytes before msg_len follows.
    private readonly int _padding;
    internal uint Transferred;
}
