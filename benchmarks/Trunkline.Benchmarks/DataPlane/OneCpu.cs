using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Trunkline.Benchmarks.DataPlane;

/// <summary>Threads that wake each other cost twice as much across CPUs as on one; which it is, the kernel decides anew each run. What compares two of them says it once for both.</summary>
internal static partial class OneCpu
{
    /// <summary>Keeps the calling thread on the first CPU; for threads of their own, not of the pool.</summary>
    public static void Stay()
    {
        var first = 1UL;
        if (SetAffinity(0, sizeof(ulong), ref first) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), "sched_setaffinity");
        }
    }

    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    private static partial int SetAffinity(int thread, nuint size, ref ulong mask);
}
