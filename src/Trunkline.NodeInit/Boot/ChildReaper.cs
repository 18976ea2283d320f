using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Trunkline.NodeInit.Native;

namespace Trunkline.NodeInit.Boot;

/// <summary>Takes in the exit of every child: the first process of a PID namespace inherits all orphans (conmon and what it leaves).</summary>
internal sealed class ChildReaper(BlockingCollection<InitEvent> events) : IDisposable
{
    private readonly AutoResetEvent _spawned = new(false);
    private readonly ManualResetEventSlim _none = new(false);
    private readonly ConcurrentDictionary<int, TaskCompletionSource<int>> _awaited = new();

    // Sources of long gone children would pile up; the latest few hundred stay, for starters that are late.
    private readonly Queue<int> _recent = new();

    public void Start() => new Thread(Reap) { IsBackground = true, Name = "reaper" }.Start();

    /// <summary>Starts a child; its end comes as an event.</summary>
    public int Spawn(IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment, int output)
    {
        _none.Reset();
        var pid = ChildProcess.Start(command, environment, output, ownSession: true);
        _spawned.Set();
        return pid;
    }

    /// <summary>Starts a short program and waits for its end.</summary>
    public int RunAndWait(IReadOnlyList<string> command)
    {
        var pid = Spawn(command, new Dictionary<string, string> { ["PATH"] = InitProcess.SearchPath }, output: 1);
        return _awaited.GetOrAdd(pid, _ => NewSource()).Task.GetAwaiter().GetResult();
    }

    public void WaitUntilNone(TimeSpan longest, TimeProvider time)
    {
        using var limit = new CancellationTokenSource(longest, time);
        try
        {
            _none.Wait(limit.Token);
        }
        catch (OperationCanceledException)
        {
            // The caller's next measure is stronger.
        }
    }

    public void Dispose()
    {
        _spawned.Dispose();
        _none.Dispose();
    }

    private void Reap()
    {
        while (true)
        {
            var pid = Libc.WaitPid(-1, out var status, 0);
            if (pid > 0)
            {
                var code = ChildProcess.ExitCode(status);

                // A short program may end before its starter has come to wait for it: the source is made by whoever is first.
                _awaited.GetOrAdd(pid, _ => NewSource()).TrySetResult(code);
                events.Add(new ChildExited(pid, code));
                Forget(pid);
            }
            else if (Marshal.GetLastPInvokeError() == Libc.Echild)
            {
                _none.Set();
                _spawned.WaitOne(TimeSpan.FromMilliseconds(100));
            }
        }
    }

    private void Forget(int pid)
    {
        _recent.Enqueue(pid);
        if (_recent.Count > 256)
        {
            _awaited.TryRemove(_recent.Dequeue(), out _);
        }
    }

    private static TaskCompletionSource<int> NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
