using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Trunkline.Lab.Linux;

/// <summary>The calls of the C library that the base class library does not have.</summary>
internal static partial class Libc
{
    public const int NewNetworkNamespace = 0x40000000;
    public const int SigKill = 9;
    public const int SigTerm = 15;

    private const ulong Bind = 4096;
    private const int Detach = 2;

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    private static partial int NativeUnshare(int flags);

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int NativeSetNamespace(int descriptor, int type);

    [LibraryImport("libc", EntryPoint = "mount", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int NativeMount(string source, string target, string? type, ulong flags, string? data);

    [LibraryImport("libc", EntryPoint = "umount2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int NativeUnmount(string target, int flags);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    internal static partial int Kill(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    internal static partial uint EffectiveUser();

    /// <summary>Gives what free() has got back to the kernel (malloc_trim(3); glibc's alone, as these processes are).</summary>
    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    internal static partial int TrimAllocator(nuint keep);

    public static void Unshare(int flags, string what) => Check(NativeUnshare(flags), what);

    public static void SetNamespace(int descriptor, int type, string what) => Check(NativeSetNamespace(descriptor, type), what);

    public static void BindMount(string source, string target) => Check(NativeMount(source, target, null, Bind, null), $"mount {target}");

    /// <summary>Unmounts lazily: whoever still uses it keeps it until he ends.</summary>
    public static void Unmount(string target) => Check(NativeUnmount(target, Detach), $"unmount {target}");

    private static void Check(int result, string what)
    {
        if (result < 0)
        {
            var error = Marshal.GetLastPInvokeError();
            throw new IOException($"{what}: {new Win32Exception(error).Message}", error);
        }
    }
}
