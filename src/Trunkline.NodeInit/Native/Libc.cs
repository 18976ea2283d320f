using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Trunkline.NodeInit.Native;

/// <summary>The calls of the C library that the base class library does not have.</summary>
internal static partial class Libc
{
    public const int SigKill = 9;
    public const int SigTerm = 15;
    public const int Eintr = 4;
    public const int Echild = 10;
    public const int MountDetach = 2;

    [LibraryImport("libc", EntryPoint = "mount", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int NativeMount(string source, string target, string? type, ulong flags, string? data);

    [LibraryImport("libc", EntryPoint = "umount2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int NativeUnmount(string target, int flags);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial long PivotRootCall(long number, string newRoot, string putOld);

    [LibraryImport("libc", EntryPoint = "sethostname", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int NativeSetHostName(string name, nuint length);

    [LibraryImport("libc", EntryPoint = "mknod", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int NativeMakeNode(string path, uint mode, ulong device);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    internal static partial int Kill(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    internal static partial int WaitPid(int pid, out int status, int options);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int NativeOpen(string path, int flags, uint mode);

    /// <summary>
    /// For appending, by the kernel's own O_APPEND: FileMode.Append only seeks to the end once, and two programs that write at offsets of their own write over each other.
    /// </summary>
    public static FileStream OpenToAppend(string path)
    {
        const int WriteOnly = 1, Create = 0x40, Append = 0x400, CloseOnExec = 0x80000;
        const uint Mode = 0b110_100_100;
        var descriptor = NativeOpen(path, WriteOnly | Create | Append | CloseOnExec, Mode);
        Check(descriptor, $"open {path}");
        return new FileStream(new SafeFileHandle(descriptor, ownsHandle: true), FileAccess.Write, bufferSize: 0);
    }

    public static void Mount(string source, string target, string? type, MountFlags flags, string? data = null) =>
        Check(NativeMount(source, target, type, (ulong)flags, data), $"mount {source} on {target}");

    public static void Unmount(string target, int flags) => Check(NativeUnmount(target, flags), $"unmount {target}");

    public static void PivotRoot(string newRoot, string putOld)
    {
        var number = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 41 : 155;
        Check((int)PivotRootCall(number, newRoot, putOld), $"pivot_root {newRoot}");
    }

    public static void SetHostName(string name) => Check(NativeSetHostName(name, (nuint)name.Length), $"sethostname {name}");

    /// <summary>Makes a character device readable and writable by everybody.</summary>
    public static void MakeCharacterDevice(string path, uint major, uint minor)
    {
        const uint CharacterDevice = 0x2000;
        Check(NativeMakeNode(path, CharacterDevice | 0x1B6, (major << 8) | minor), $"mknod {path}");
        File.SetUnixFileMode(path, (UnixFileMode)0x1B6); // mknod obeys the umask
    }

    public static void Check(int result, string what)
    {
        if (result < 0)
        {
            var error = Marshal.GetLastPInvokeError();
            throw new IOException($"{what}: {new Win32Exception(error).Message}", error);
        }
    }
}
