using Trunkline.NodeInit.Native;

namespace Trunkline.NodeInit.Boot;

/// <summary>
/// Keeps one program running: starts it again when it ends, at once after a long life, with growing pauses after short ones.
/// Called from init's one thread only.
/// </summary>
internal sealed class Supervisor(
    string name,
    IReadOnlyList<string> command,
    IReadOnlyDictionary<string, string> environment,
    FileStream log,
    string pidFile,
    ChildReaper reaper,
    TimeProvider time)
{
    internal static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    internal static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(3);
    internal static readonly TimeSpan LongLife = TimeSpan.FromSeconds(10);

    private int _pid;
    private bool _wanted;
    private DateTimeOffset _started;
    private TimeSpan _pause;

    /// <summary>When the program is due to be started again; null while it runs or is not wanted.</summary>
    public DateTimeOffset? NextStart { get; private set; }

    public bool IsRunning => _pid != 0;

    public void Start()
    {
        _wanted = true;
        if (_pid == 0)
        {
            Launch();
        }
    }

    /// <summary>Ends the program for good, at once: a module that is unloaded does not say goodbye either.</summary>
    public void Stop()
    {
        _wanted = false;
        NextStart = null;
        if (_pid != 0)
        {
            Libc.Kill(_pid, Libc.SigKill);
        }
    }

    public void StartIfDue()
    {
        if (NextStart is { } due && due <= time.GetUtcNow())
        {
            Launch();
        }
    }

    public bool OnExited(ChildExited exited)
    {
        if (exited.ProcessId != _pid)
        {
            return false;
        }

        _pid = 0;
        File.Delete(pidFile);
        if (_wanted)
        {
            _pause = PauseAfter(time.GetUtcNow() - _started, _pause);
            NextStart = time.GetUtcNow() + _pause;
            Log($"{name} (pid {exited.ProcessId}) ended with {exited.ExitCode}; starts again in {_pause.TotalMilliseconds:0} ms");
        }

        return true;
    }

    /// <summary>The pause before the next start, from how long the program lived and the pause before.</summary>
    internal static TimeSpan PauseAfter(TimeSpan lived, TimeSpan before)
    {
        if (lived >= LongLife || before == TimeSpan.Zero)
        {
            return FirstPause;
        }

        return before * 2 < LongestPause ? before * 2 : LongestPause;
    }

    /// <summary>How long the owner may sleep: until the earliest due start, else for ever (-1).</summary>
    internal static int UntilNext(DateTimeOffset? first, DateTimeOffset? second, TimeProvider time)
    {
        var next = first is null || second < first ? second ?? first : first;
        return next is { } due ? Math.Max(0, (int)Math.Ceiling((due - time.GetUtcNow()).TotalMilliseconds)) : Timeout.Infinite;
    }

    private void Launch()
    {
        NextStart = null;
        _started = time.GetUtcNow();
        try
        {
            _pid = reaper.Spawn(command, environment, (int)log.SafeFileHandle.DangerousGetHandle());
            File.WriteAllText(pidFile, $"{_pid}\n");
        }
        catch (IOException error)
        {
            _pause = PauseAfter(TimeSpan.Zero, _pause);
            NextStart = time.GetUtcNow() + _pause;
            Log($"{name}: {error.Message}; tries again in {_pause.TotalMilliseconds:0} ms");
        }
    }

    private void Log(string message) => Console.WriteLine($"{time.GetUtcNow():HH:mm:ss.fff} init: {message}");
}
