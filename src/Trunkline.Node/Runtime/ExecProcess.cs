using k8s.Models;
using Trunkline.Node.Runtime.Native;
using Trunkline.Node.Runtime.Oci;
using Trunkline.Node.Runtime.Processes;

namespace Trunkline.Node.Runtime;

/// <summary>One more process in a container, ready to be started: same user, capabilities and environment as the container's first.</summary>
internal sealed class ExecProcess : IDisposable
{
    private static readonly TimeSpan HangUpPatience = TimeSpan.FromSeconds(1);

    private readonly string _processFile;

    private ExecProcess(string processFile, IReadOnlyList<string> command)
    {
        _processFile = processFile;
        Command = command;
    }

    /// <summary>To be run by the agent; its exit code is the process's.</summary>
    public IReadOnlyList<string> Command { get; }

    private string PidFile => _processFile + ".pid";

    public static ExecProcess Prepare(ContainerMonitor monitor, V1Pod pod, V1Container container, string containerId, IReadOnlyList<string> arguments,
        bool terminal)
    {
        var file = monitor.NewProcessFile(containerId);
        var process = OciSpecBuilder.Process(pod, container, arguments, monitor.Environment(containerId), terminal, oomScoreAdjustment: null);
        File.WriteAllText(file, process.ToJsonString());
        return new ExecProcess(file, monitor.ExecCommand(containerId, file));
    }

    /// <summary>
    /// Nobody wants the command any more: it hears of a hang-up, and is ended if it goes on. With all it started: runc makes it a group's leader.
    /// </summary>
    public async Task EndAsync(ChildProcess runner, TimeProvider time)
    {
        if (runner.Exited.IsCompleted)
        {
            return;
        }

        if (!File.Exists(PidFile) || !int.TryParse(await File.ReadAllTextAsync(PidFile), out var pid))
        {
            runner.Signal(Libc.SigKill); // not started yet
            return;
        }

        _ = Libc.Kill(-pid, Libc.SigHangUp); // an error is ESRCH: it ended by itself
        await Task.WhenAny(runner.Exited, Task.Delay(HangUpPatience, time, CancellationToken.None));
        if (!runner.Exited.IsCompleted)
        {
            _ = Libc.Kill(-pid, Libc.SigKill);
        }
    }

    public void Dispose()
    {
        File.Delete(_processFile);
        File.Delete(PidFile);
    }
}
