using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Trunkline.NodeInit.Native;

/// <summary>
/// posix_spawnp, and nothing of System.Diagnostics.Process: that one reaps only children it knows, while the first process of a node inherits
/// everybody's orphans; two reapers in one process would steal each other's exit codes.
/// </summary>
internal static unsafe partial class ChildProcess
{
    private const short SetSignalMask = 0x08;
    private const short SetSignalDefault = 0x04;
    private const short SetSession = 0x80;
    private const int FileActionsSize = 256; // glibc: 80; musl: 80
    private const int AttributesSize = 512; // glibc: 336; musl: 336
    private const int SignalSetSize = 128;

    [LibraryImport("libc", EntryPoint = "posix_spawnp")]
    private static partial int PosixSpawn(out int pid, byte* file, void* actions, void* attributes, byte** arguments, byte** environment);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    private static partial int ActionsInit(void* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    private static partial int ActionsAddDup2(void* actions, int from, int to);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ActionsAddOpen(void* actions, int descriptor, string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    private static partial int ActionsDestroy(void* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    private static partial int AttributesInit(void* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    private static partial int AttributesSetFlags(void* attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    private static partial int AttributesSetSignalDefault(void* attributes, void* set);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigmask")]
    private static partial int AttributesSetSignalMask(void* attributes, void* set);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    private static partial int AttributesDestroy(void* attributes);

    /// <summary>Starts a program with /dev/null as input and <paramref name="output"/> (a descriptor) as output and errors; -1 keeps the caller's.</summary>
    public static int Start(IReadOnlyList<string> command, IReadOnlyDictionary<string, string>? environment, int output, bool ownSession)
    {
        var actions = stackalloc byte[FileActionsSize];
        var attributes = stackalloc byte[AttributesSize];
        var all = stackalloc byte[SignalSetSize];
        var none = stackalloc byte[SignalSetSize];
        new Span<byte>(all, SignalSetSize).Fill(0xFF);
        new Span<byte>(none, SignalSetSize).Clear();
        Must(ActionsInit(actions));
        Must(AttributesInit(attributes));
        var variables = environment is null ? InheritedEnvironment() : [.. environment.Select(pair => $"{pair.Key}={pair.Value}")];
        using var arguments = new Utf8Vector(command);
        using var environ = new Utf8Vector(variables);
        try
        {
            Must(ActionsAddOpen(actions, 0, "/dev/null", 0, 0));
            if (output >= 0)
            {
                Must(ActionsAddDup2(actions, output, 1));
                Must(ActionsAddDup2(actions, output, 2));
            }

            // A child must not inherit what the .NET runtime blocks or ignores (SIGPIPE): programs in Pods would.
            Must(AttributesSetSignalDefault(attributes, all));
            Must(AttributesSetSignalMask(attributes, none));
            Must(AttributesSetFlags(attributes, (short)(SetSignalMask | SetSignalDefault | (ownSession ? SetSession : 0))));
            var error = PosixSpawn(out var pid, arguments.Pointer[0], actions, attributes, arguments.Pointer, environ.Pointer);
            return error == 0 ? pid : throw new IOException($"cannot start {command[0]}: {new Win32Exception(error).Message}", error);
        }
        finally
        {
            Must(ActionsDestroy(actions));
            Must(AttributesDestroy(attributes));
        }
    }

    /// <summary>Waits for one child; gives its exit code, or 128 + the signal's number.</summary>
    public static int Wait(int pid)
    {
        while (true)
        {
            var result = Libc.WaitPid(pid, out var status, 0);
            if (result == pid)
            {
                return ExitCode(status);
            }

            if (Marshal.GetLastPInvokeError() != Libc.Eintr)
            {
                Libc.Check(result, $"waitpid {pid}");
            }
        }
    }

    /// <summary>As a shell counts: wait(2)'s status word to an exit code.</summary>
    public static int ExitCode(int status) => (status & 0x7F) == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F);

    // These give the error instead of setting errno.
    private static void Must(int error)
    {
        if (error != 0)
        {
            throw new IOException($"posix_spawn's attributes: {new Win32Exception(error).Message}", error);
        }
    }

    private static string[] InheritedEnvironment() =>
        [.. Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>().Select(entry => $"{entry.Key}={entry.Value}")];
}
