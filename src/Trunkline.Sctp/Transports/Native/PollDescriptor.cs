using System.Runtime.InteropServices;

namespace Trunkline.Sctp.Transports.Native;

/// <summary>struct pollfd.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollDescriptor
{
    internal int Descriptor;
    internal short Wanted;
    internal short Happened;
}
