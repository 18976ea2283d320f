using Trunkline.NodeInit.Boot;
using Trunkline.NodeInit.Configuration;
using Trunkline.NodeInit.Native;

namespace Trunkline.NodeInit.Machine;

/// <summary>
/// Holds one node up: gives it its control group, starts its first process in new namespaces, and boots it again when that ends.
/// When this process is killed, the kernel kills the whole node with it (PDEATHSIG down to PID 1, whose end ends its PID namespace).
/// </summary>
internal sealed class MachineLoop(NodeSettings settings, string settingsFile, TimeProvider time)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly NodeCgroup _cgroup = new(settings.Cgroup);

    public int Run()
    {
        _cgroup.EnterSystem();
        var pause = TimeSpan.FromMilliseconds(200);
        while (true)
        {
            var started = time.GetTimestamp();
            var code = BootOnce();
            _cgroup.RemovePods();
            if (code == ExitCodes.PowerOff)
            {
                Log($"{settings.Node} is powered off");
                return 0;
            }

            if (code == ExitCodes.Reboot)
            {
                Log($"{settings.Node} boots again");
                continue;
            }

            pause = time.GetElapsedTime(started) > TimeSpan.FromSeconds(30) ? TimeSpan.FromMilliseconds(200) : pause * 2;
            pause = pause > LongestPause ? LongestPause : pause;
            Log($"{settings.Node}: its first process ended with {code}; boots again in {pause.TotalSeconds:0.0} s");
            Task.Delay(pause, time).GetAwaiter().GetResult();
        }
    }

    private int BootOnce()
    {
        var self = Environment.ProcessPath ?? throw new InvalidOperationException("no path of this process");
        string[] command =
        [
            // setpriv's signal survives the two execs behind it; unshare hands it on to the process it forks.
            "/usr/bin/setpriv", "--pdeathsig", "KILL",
            "nsenter", $"--net={settings.NetworkNamespace}",
            "unshare", "--fork", "--kill-child=KILL", "--pid", "--mount", "--uts", "--ipc", "--propagation", "private",
            self, "init", settingsFile,
        ];
        var environment = new Dictionary<string, string> { ["PATH"] = InitProcess.SearchPath };
        return ChildProcess.Wait(ChildProcess.Start(command, environment, output: -1, ownSession: false));
    }

    private void Log(string message) => Console.WriteLine($"{time.GetUtcNow():HH:mm:ss.fff} machine: {message}");
}
