using System.Diagnostics;
using System.Globalization;
using Trunkline.Lab.Linux;
using Trunkline.Lab.Nodes;

namespace Trunkline.Lab.Processes;

/// <summary>Processes that outlive the command that starts them: in a session and control group of their own, output in the lab's logs.</summary>
internal sealed class Daemons(LabPaths paths, Cgroups cgroups)
{
    // $1 control group, $2 pid file, $3 log, rest: the program. The pid file is written before the program runs, so that there is no moment
    // at which it lives unknown; exec keeps the pid.
    private const string Script =
        "g=$1 p=$2 l=$3; shift 3; echo 0 > \"$g/cgroup.procs\" && echo $$ > \"$p.new\" && mv \"$p.new\" \"$p\" && exec \"$@\" >>\"$l\" 2>&1 </dev/null";

    /// <summary>Starts one.</summary>
    public void Start(string name, IReadOnlyList<string> command)
    {
        var group = cgroups.Tracking(name);
        Directory.CreateDirectory(group);
        var start = new ProcessStartInfo("setsid",
            ["--fork", "sh", "-c", Script, "sh", group, paths.PidFile(name), paths.Log(name), .. command]);
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
        start.Environment["HOME"] = "/root";
        foreach (var (key, value) in RuntimeEnvironment.Variables())
        {
            start.Environment[key] = value;
        }

        File.Delete(paths.PidFile(name));
        using var process = Process.Start(start)!;
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new LabException($"{name} could not be started (setsid ended with {process.ExitCode}); see {paths.Log(name)}.");
        }
    }

    /// <summary>The process id, if it lives: in the lab's control group, or the id is somebody else's by now.</summary>
    public int? Find(string name, string group)
    {
        try
        {
            var pid = int.Parse(File.ReadAllText(paths.PidFile(name)), CultureInfo.InvariantCulture);
            return ProcessTable.IsAlive(pid) && cgroups.Processes(group).Contains(pid) ? pid : null;
        }
        catch (Exception error) when (error is IOException or FormatException)
        {
            return null; // none started, or not yet
        }
    }

    /// <summary>The last lines of a log, for a message about a process that ended.</summary>
    public string LastWords(string name)
    {
        try
        {
            var words = File.ReadLines(paths.Log(name)).Where(line => line.Length > 0).TakeLast(2).ToArray();
            return words.Length == 0 ? "it said nothing" : string.Join(" / ", words.Select(line => line.Length > 300 ? line[..300] : line));
        }
        catch (IOException)
        {
            return "it left no log";
        }
    }
}
