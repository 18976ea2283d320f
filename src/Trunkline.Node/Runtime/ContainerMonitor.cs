using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Trunkline.Node.Runtime.Processes;

namespace Trunkline.Node.Runtime;

/// <summary>
/// Containers, each made by runc under a conmon of its own: conmon keeps output, terminal and exit status whether the agent lives or not.
/// </summary>
internal sealed class ContainerMonitor(NodePaths paths)
{
    private const int MaximumLogBytes = 16 * 1024 * 1024; // conmon starts the file anew beyond; a kubelet's default is 10 MiB with rotation
    private static readonly TimeSpan CreateTimeout = TimeSpan.FromSeconds(60);

    private string ProgramPath { get; } = FindProgram("runc");

    /// <summary>Writes the bundle and makes the container, whose first process then waits for <see cref="StartAsync"/>. Fails with runc's words.</summary>
    public async Task CreateAsync(ContainerLaunch launch, TimeProvider time, CancellationToken cancellationToken)
    {
        var bundle = paths.Bundle(launch.Id);
        Directory.CreateDirectory(bundle);
        Directory.CreateDirectory(paths.Exits);
        Directory.CreateDirectory(paths.AttachSockets);
        Directory.CreateDirectory(Path.GetDirectoryName(launch.LogFile)!);
        File.Delete(ExitFile(launch.Id));
        await File.WriteAllTextAsync(Path.Join(bundle, "config.json"), launch.Spec.ToJsonString(), cancellationToken);
        using var sync = new ProcessStream();
        var conmon = ChildProcess.Start(new SpawnRequest(Arguments(launch, bundle))
        {
            Extra = sync.ChildEnd,
            Environment = new Dictionary<string, string>(SpawnRequest.PlainEnvironment)
            {
                ["_OCI_SYNCPIPE"] = SpawnRequest.ExtraDescriptor.ToString(System.Globalization.CultureInfo.InvariantCulture),
            },
        });
        sync.CloseChildEnd();
        using var timeout = new CancellationTokenSource(CreateTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var answer = await ReadToEndOfLineAsync(sync.Socket, either.Token);
        await conmon.Exited.WaitAsync(either.Token); // the parent of the two: it ends when the monitor stands
        Judge(answer);
    }

    public async Task StartAsync(string id, CancellationToken cancellationToken)
    {
        var result = await RuncAsync(["start", id], cancellationToken);
        if (result.ExitCode != 0)
        {
            throw new ContainerException(result.Complaint);
        }
    }

    /// <summary>Signals the container's first process; gives false where there is none any more.</summary>
    public async Task<bool> SignalAsync(string id, string signal, CancellationToken cancellationToken) =>
        (await RuncAsync(["kill", id, signal], cancellationToken)).ExitCode == 0;

    /// <summary>Takes the container and its control groups away, running or not. Does nothing where there is none.</summary>
    public async Task DeleteAsync(string id, CancellationToken cancellationToken)
    {
        var result = await RuncAsync(["delete", "--force", id], cancellationToken);
        if (result.ExitCode != 0 && !result.Complaint.Contains("does not exist", StringComparison.Ordinal))
        {
            throw new ContainerException(result.Complaint);
        }

        DeleteDirectory(paths.Bundle(id));
        DeleteDirectory(Path.Join(paths.AttachSockets, id));
        File.Delete(ExitFile(id));
    }

    /// <summary><c>created</c>, <c>running</c>, <c>stopped</c>, or null where runc knows none.</summary>
    public async Task<string?> StateAsync(string id, CancellationToken cancellationToken)
    {
        var result = await RuncAsync(["state", id], cancellationToken);
        return result.ExitCode == 0 ? (string?)JsonNode.Parse(result.Output)?["status"] : null;
    }

    /// <summary>How the container ended, or null while it runs. The file is the monitor's: it stands there whether the agent saw the end or not.</summary>
    public ContainerExit? ReadExit(string id)
    {
        var file = new FileInfo(ExitFile(id));
        if (!file.Exists || !int.TryParse(File.ReadAllText(file.FullName), out var code))
        {
            return null;
        }

        return new ContainerExit(code, file.LastWriteTimeUtc, File.Exists(Path.Join(paths.Bundle(id), "oom")));
    }

    /// <summary>Whether somebody still watches over the container: without its monitor nobody would ever write its exit status.</summary>
    public bool HasMonitor(string id)
    {
        var pidFile = Path.Join(paths.Bundle(id), "conmon.pid");
        return File.Exists(pidFile) && int.TryParse(File.ReadAllText(pidFile), out var pid)
            && File.Exists($"/proc/{pid}/comm") && File.ReadAllText($"/proc/{pid}/comm").Trim() == "conmon";
    }

    public string AttachSocket(string id) => Path.Join(paths.AttachSockets, id, "attach");

    /// <summary>Where the monitor of a container with a terminal hears of its size: lines "1 ROWS COLUMNS".</summary>
    public string ControlFile(string id) => Path.Join(paths.Bundle(id), "ctl");

    /// <summary>The command that runs one more process in a container, attached to its own standard descriptors.</summary>
    public IReadOnlyList<string> ExecCommand(string id, string processFile) =>
        [ProgramPath, "--root", paths.RuntimeRoot, "exec", "--process", processFile, "--pid-file", processFile + ".pid", id];

    /// <summary>What the container was made with, so that whatever is run in it later sees the same, whoever can be asked by then.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Environment(string id)
    {
        var config = JsonNode.Parse(File.ReadAllBytes(Path.Join(paths.Bundle(id), "config.json")))!;
        return [.. config["process"]!["env"]!.AsArray().Select(item => ((string)item!).Split('=', 2)).Select(pair => KeyValuePair.Create(pair[0], pair[1]))];
    }

    public string NewProcessFile(string id) => Path.Join(paths.Bundle(id), $"exec-{Guid.NewGuid():N}.json");

    private string ExitFile(string id) => Path.Join(paths.Exits, id);

    private string[] Arguments(ContainerLaunch launch, string bundle) =>
    [
        "conmon", "--cid", launch.Id, "--cuuid", launch.Id, "--name", launch.Id[..12], "--runtime", ProgramPath, "--runtime-arg", $"--root={paths.RuntimeRoot}",
        "--bundle", bundle, "--persist-dir", bundle, "--exit-dir", paths.Exits, "--socket-dir-path", paths.AttachSockets,
        "--container-pidfile", Path.Join(bundle, "pid"), "--conmon-pidfile", Path.Join(bundle, "conmon.pid"),
        "--log-path", "k8s-file:" + launch.LogFile, "--log-size-max", MaximumLogBytes.ToString(System.Globalization.CultureInfo.InvariantCulture),
        "--log-level", "error", "--no-sync-log", "--no-new-keyring",
        .. launch.Terminal ? (string[])["--terminal"] : [],
        .. launch.Stdin ? (string[])["--stdin"] : [],
        .. launch.Stdin && !launch.StdinOnce ? (string[])["--leave-stdin-open"] : [],
    ];

    private Task<CommandResult> RuncAsync(IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        Command.RunAsync([ProgramPath, "--root", paths.RuntimeRoot, .. arguments], cancellationToken);

    private static void Judge(string answer)
    {
        var report = answer.Length == 0 ? null : JsonNode.Parse(answer);
        if ((int?)(report?["pid"] ?? report?["data"]) is not > 0)
        {
            throw new ContainerException(Clean((string?)report?["message"] ?? "the container's monitor ended without a word"));
        }
    }

    // runc logs JSON or text lines with a time and level; the message is what a reader of `describe` wants.
    private static string Clean(string message)
    {
        var text = message.Trim();
        var start = text.IndexOf("msg=\"", StringComparison.Ordinal);
        return start >= 0 && text.EndsWith('"') ? text[(start + 5)..^1].Replace("\\\"", "\"", StringComparison.Ordinal) : text;
    }

    private static async Task<string> ReadToEndOfLineAsync(Socket socket, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        while (text.Length < 64 * 1024 && await socket.ReceiveAsync(buffer, cancellationToken) is var read and > 0)
        {
            text.Append(Encoding.UTF8.GetString(buffer, 0, read));
            if (buffer.AsSpan(0, read).Contains((byte)'\n'))
            {
                break;
            }
        }

        return text.ToString();
    }

    private static string FindProgram(string name) =>
        SpawnRequest.PlainEnvironment["PATH"].Split(':').Select(directory => Path.Join(directory, name)).FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException($"{name} is not installed: the node cannot run containers");

    private static void DeleteDirectory(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }
}
