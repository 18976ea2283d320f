using System.Runtime.InteropServices;
using Trunkline.Node.Runtime.Native;

namespace Trunkline.Node.Runtime.Processes;

/// <summary>Collects the exit codes of the children this agent started, and of no others. One for the process: SIGCHLD is the process's.</summary>
internal sealed class ChildReaper
{
    private readonly Lock _lock = new();
    private readonly Dictionary<int, TaskCompletionSource<int>> _waiting = [];

    // Held so that it stays registered for the life of the process.
    private readonly PosixSignalRegistration _registration;

    private ChildReaper() => _registration = PosixSignalRegistration.Create(PosixSignal.SIGCHLD, _ => ReapAll());

    public static ChildReaper Instance { get; } = new();

    /// <summary>Completes with the exit code, or 128 and the signal's number, as a shell counts.</summary>
    public Task<int> WaitAsync(int pid)
    {
        var source = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _waiting[pid] = source;
            TryReap(pid, source); // it may have ended before anybody waited
        }

        GC.KeepAlive(_registration);
        return source.Task;
    }

    /// <summary>As a shell counts: wait(2)'s status word to an exit code.</summary>
    public static int ExitCode(int status) => (status & 0x7F) == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F);

    private void ReapAll()
    {
        lock (_lock)
        {
            foreach (var (pid, source) in _waiting.ToArray())
            {
                TryReap(pid, source);
            }
        }
    }

    private void TryReap(int pid, TaskCompletionSource<int> source)
    {
        var result = Libc.WaitPid(pid, out var status, Libc.WaitNoHang);
        if (result == 0)
        {
            return;
        }

        _waiting.Remove(pid);
        if (result == pid)
        {
            source.SetResult(ExitCode(status));
        }
        else
        {
            source.SetException(new IOException($"waitpid {pid} failed with errno {Marshal.GetLastPInvokeError()}"));
        }
    }
}
