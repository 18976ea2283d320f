using System.ComponentModel;
using System.Runtime.InteropServices;
using Trunkline.Node.Runtime.Processes;

namespace Trunkline.Node.Runtime.Native;

/// <summary>
/// posix_spawn rather than System.Diagnostics.Process: it passes descriptors and a controlling terminal, and starts children in a session of
/// their own, so that a signal to the agent's group never reaches a container's monitor.
/// </summary>
internal static unsafe partial class PosixSpawn
{
    private const short SetSignalDefault = 0x04;
    private const short SetSignalMask = 0x08;
    private const short SetSession = 0x80;
    private const int FileActionsSize = 256; // glibc: 80; musl: 80
    private const int AttributesSize = 512; // glibc: 336; musl: 336
    private const int SignalSetSize = 128;

    [LibraryImport("libc", EntryPoint = "posix_spawnp")]
    private static partial int Spawn(out int pid, byte* file, void* actions, void* attributes, byte** arguments, byte** environment);

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

    /// <summary>Starts the program; gives its process id.</summary>
    public static int Start(SpawnRequest request)
    {
        var actions = stackalloc byte[FileActionsSize];
        var attributes = stackalloc byte[AttributesSize];
        var all = stackalloc byte[SignalSetSize];
        var none = stackalloc byte[SignalSetSize];
        new Span<byte>(all, SignalSetSize).Fill(0xFF);
        new Span<byte>(none, SignalSetSize).Clear();
        Must(ActionsInit(actions));
        Must(AttributesInit(attributes));
        using var arguments = new Utf8Vector(request.Arguments);
        using var environment = new Utf8Vector([.. request.Environment.Select(pair => $"{pair.Key}={pair.Value}")]);
        try
        {
            AddDescriptors(actions, request);

            // A child must not inherit what the .NET runtime blocks or ignores (SIGPIPE): programs in Pods would.
            Must(AttributesSetSignalDefault(attributes, all));
            Must(AttributesSetSignalMask(attributes, none));
            Must(AttributesSetFlags(attributes, SetSignalMask | SetSignalDefault | SetSession));
            var error = Spawn(out var pid, arguments.Pointer[0], actions, attributes, arguments.Pointer, environment.Pointer);
            return error == 0 ? pid : throw new IOException($"cannot start {request.Arguments[0]}: {new Win32Exception(error).Message}", error);
        }
        finally
        {
            Must(ActionsDestroy(actions));
            Must(AttributesDestroy(attributes));
        }
    }

    private static void AddDescriptors(void* actions, SpawnRequest request)
    {
        if (request.Terminal is not null)
        {
            // A session leader without a terminal gets the first one it opens as its controlling terminal (credentials(7)).
            Must(ActionsAddOpen(actions, 0, request.Terminal, Libc.OpenReadWrite, 0));
            Must(ActionsAddDup2(actions, 0, 1));
            Must(ActionsAddDup2(actions, 0, 2));
            return;
        }

        AddStandard(actions, request.Stdin, 0);
        AddStandard(actions, request.Stdout, 1);
        AddStandard(actions, request.Stderr, 2);
        if (request.Extra >= 0)
        {
            Must(ActionsAddDup2(actions, request.Extra, SpawnRequest.ExtraDescriptor));
        }
    }

    private static void AddStandard(void* actions, int descriptor, int target)
    {
        if (descriptor >= 0)
        {
            Must(ActionsAddDup2(actions, descriptor, target));
        }
        else
        {
            Must(ActionsAddOpen(actions, target, "/dev/null", Libc.OpenReadWrite, 0));
        }
    }

    // These give the error instead of setting errno.
    private static void Must(int error)
    {
        if (error != 0)
        {
            throw new IOException($"posix_spawn's attributes: {new Win32Exception(error).Message}", error);
        }
    }
}
