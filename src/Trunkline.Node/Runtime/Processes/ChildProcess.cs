using Trunkline.Node.Runtime.Native;

namespace Trunkline.Node.Runtime.Processes;

/// <summary>A child of the agent, in a session of its own.</summary>
internal sealed class ChildProcess
{
    private ChildProcess(int pid, Task<int> exited)
    {
        Pid = pid;
        Exited = exited;
    }

    public int Pid { get; }

    /// <summary>The exit code, or 128 and the signal's number.</summary>
    public Task<int> Exited { get; }

    public static ChildProcess Start(SpawnRequest request)
    {
        var pid = PosixSpawn.Start(request);
        return new ChildProcess(pid, ChildReaper.Instance.WaitAsync(pid));
    }

    /// <summary>Signals the process unless it has been reaped (then its number may be another's).</summary>
    public void Signal(int signal)
    {
        if (!Exited.IsCompleted)
        {
            _ = Libc.Kill(Pid, signal); // ESRCH: it ended this moment, which is what a signal wants anyway
        }
    }
}
