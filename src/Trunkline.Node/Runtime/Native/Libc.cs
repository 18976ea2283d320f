using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Trunkline.Node.Runtime.Native;

/// <summary>The calls of the C library that the base class library does not have.</summary>
internal static partial class Libc
{
    public const int SigHangUp = 1;
    public const int SigKill = 9;
    public const int SigTerm = 15;
    public const ulong MountReadOnly = 1;
    public const ulong MountNoSuid = 2;
    public const ulong MountNoDev = 4;
    public const ulong MountBind = 4096;
    public const int DetachUnmount = 2;
    public const int CloneNewUts = 0x04000000;
    public const int CloneNewIpc = 0x08000000;
    public const int CloneNewNet = 0x40000000;
    public const int WaitNoHang = 1;
    public const int OpenReadWrite = 2;
    public const int OpenNoControllingTerminal = 0x100;
    public const int OpenCloseOnExec = 0x80000;
    public const int OpenPathOnly = 0x200000; // O_PATH
    public const int OpenDirectory = 0x10000;
    public const ulong ResolveNoMagicLinks = 0x02;
    public const ulong ResolveNoSymbolicLinks = 0x04;
    public const ulong ResolveBeneath = 0x08;
    public const int NoSuchFile = 2; // ENOENT
    public const int NotADirectory = 20; // ENOTDIR
    public const int LoopOfLinks = 40; // ELOOP: a link where none may be
    public const int CrossDevice = 18; // EXDEV: a link that leads out

    private const int UnixFamily = 1;
    private const int StreamSocket = 1;
    private const int CloseOnExecSocket = 0x80000;
    private const int Eintr = 4;
    private const int Einval = 22;
    private const int Enoent = 2;
    private const long OpenAt2 = 437; // openat2(2) has no wrapper in the C library; its number is the same on every architecture

    private struct OpenHow
    {
        public ulong Flags;
        public ulong Mode;
        public ulong Resolve;
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial long NativeOpenAt2(long number, int directory, string path, OpenHow* how, nuint size);

    [LibraryImport("libc", EntryPoint = "mkdirat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int NativeMakeDirectory(int directory, string path, uint mode);

    [LibraryImport("libc", EntryPoint = "mount", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int NativeMount(string source, string target, string? type, ulong flags, string? data);

    [LibraryImport("libc", EntryPoint = "umount2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int NativeUnmount(string target, int flags);

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    private static partial int NativeUnshare(int flags);

    [LibraryImport("libc", EntryPoint = "sethostname", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int NativeSetHostName(string name, nuint length);

    [LibraryImport("libc", EntryPoint = "socketpair", SetLastError = true)]
    private static unsafe partial int NativeSocketPair(int family, int type, int protocol, int* descriptors);

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int NativeChangeOwner(string path, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int NativeRename(string source, string target);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    public static partial int WaitPid(int pid, out int status, int options);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static unsafe partial nint NativeRead(int descriptor, byte* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static unsafe partial nint NativeWrite(int descriptor, byte* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "posix_openpt", SetLastError = true)]
    public static partial int OpenTerminal(int flags);

    [LibraryImport("libc", EntryPoint = "grantpt", SetLastError = true)]
    public static partial int GrantTerminal(int descriptor);

    [LibraryImport("libc", EntryPoint = "unlockpt", SetLastError = true)]
    public static partial int UnlockTerminal(int descriptor);

    [LibraryImport("libc", EntryPoint = "ptsname_r", SetLastError = true)]
    public static unsafe partial int TerminalName(int descriptor, byte* buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static unsafe partial int Ioctl(int descriptor, nuint request, void* argument);

    public static void Mount(string source, string target, string? type, ulong flags, string? data = null) =>
        Check(NativeMount(source, target, type, flags, data), $"mount {source} on {target}");

    /// <summary>Takes a mount away; gives false where there was none (that is what a repeated clean-up finds).</summary>
    public static bool Unmount(string target)
    {
        if (NativeUnmount(target, DetachUnmount) == 0)
        {
            return true;
        }

        if (Marshal.GetLastPInvokeError() is Einval or Enoent)
        {
            return false;
        }

        Check(-1, $"unmount {target}");
        return false;
    }

    /// <summary>openat2(2): a descriptor, or the negative error number.</summary>
    public static unsafe int OpenBeneath(int directory, string path, int flags, ulong resolve)
    {
        var how = new OpenHow { Flags = (ulong)(uint)flags, Resolve = resolve };
        var descriptor = (int)NativeOpenAt2(OpenAt2, directory, path, &how, (nuint)sizeof(OpenHow));
        return descriptor >= 0 ? descriptor : -Marshal.GetLastPInvokeError();
    }

    public static void MakeDirectory(int directory, string name, uint mode) => Check(NativeMakeDirectory(directory, name, mode), $"mkdir {name}");

    public static void Unshare(int flags) => Check(NativeUnshare(flags), "unshare");

    public static void SetHostName(string name) => Check(NativeSetHostName(name, (nuint)name.Length), $"sethostname {name}");

    public static void ChangeOwner(string path, uint user, uint group) => Check(NativeChangeOwner(path, user, group), $"chown {path}");

    /// <summary>rename(2): File.Move looks through a link and finds a directory where a file should be.</summary>
    public static void Rename(string source, string target) => Check(NativeRename(source, target), $"rename {source} to {target}");

    public static unsafe (int Ours, int Theirs) SocketPair()
    {
        var pair = stackalloc int[2];
        Check(NativeSocketPair(UnixFamily, StreamSocket | CloseOnExecSocket, 0, pair), "socketpair");
        return (pair[0], pair[1]);
    }

    /// <summary>read(2), again after a signal; -1 is an error of which a terminal whose other side closed (EIO) is the usual one.</summary>
    public static unsafe int Read(int descriptor, Span<byte> buffer)
    {
        fixed (byte* pointer = buffer)
        {
            while (true)
            {
                var read = NativeRead(descriptor, pointer, (nuint)buffer.Length);
                if (read >= 0 || Marshal.GetLastPInvokeError() != Eintr)
                {
                    return (int)read;
                }
            }
        }
    }

    /// <summary>write(2) until all is written; false when the other side is gone.</summary>
    public static unsafe bool WriteAll(int descriptor, ReadOnlySpan<byte> data)
    {
        fixed (byte* pointer = data)
        {
            var done = 0;
            while (done < data.Length)
            {
                var written = NativeWrite(descriptor, pointer + done, (nuint)(data.Length - done));
                if (written < 0 && Marshal.GetLastPInvokeError() != Eintr)
                {
                    return false;
                }

                done += (int)Math.Max(written, 0);
            }
        }

        return true;
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
