using System.Diagnostics;
using System.Globalization;
using Trunkline.Lab.Dns;
using Trunkline.Lab.Linux;
using Trunkline.Lab.Network;
using Trunkline.Lab.Processes;

namespace Trunkline.Lab;

/// <summary>A lab that is up, for programs that look into its machines: the guide and tests.</summary>
public sealed class LabHandle
{
    private readonly LabPaths _paths;
    private readonly LabDescription _description;
    private readonly Cgroups _cgroups;

    internal LabHandle(LabPaths paths, LabDescription description)
    {
        _paths = paths;
        _description = description;
        _cgroups = new Cgroups(paths.Cgroup);
    }

    // The node's /proc does not list a process that is not in its PID namespace, and .NET does not start where /proc/self leads nowhere:
    // such a program gets a /proc of its own, in a mount namespace that ends with it.
    private const string OwnProc = "mount -t proc proc /proc && exec \"$@\"";

    /// <summary>The name under which the host outside the cluster is reached here.</summary>
    public const string External = RackPlan.External;

    /// <summary>The lab's name.</summary>
    public string Name => _description.Name;

    /// <summary>The nodes, the control plane first.</summary>
    public IReadOnlyList<LabNode> Nodes => _description.Nodes;

    /// <summary>A kubeconfig of the administrator, for the API server on 127.0.0.1.</summary>
    public string KubeconfigPath => _paths.AdminKubeconfig;

    /// <summary>The API server on this machine.</summary>
    public Uri Server => new($"https://127.0.0.1:{_description.Port}");

    /// <summary>The address of the host outside the cluster.</summary>
    public static string ExternalAddress => LabDescription.ExternalAddress;

    /// <summary>The same in IPv6, where the lab has it.</summary>
    public static string ExternalAddress6 => LabDescription.ExternalAddress6;

    /// <summary>The pinned network namespace of a node or of <see cref="External"/>.</summary>
    public string NetworkNamespacePath(string machine) => _paths.Netns(Known(machine));

    /// <summary>A log: "control-plane", "dns", a node's name, NODE-agent, NODE-sctp.</summary>
    public string LogPath(string program) => _paths.Log(program);

    /// <summary>The control plane's process id on this machine; null when it is dead.</summary>
    public int? ControlPlanePid => new Daemons(_paths, _cgroups).Find(LabManager.ControlPlane, LabManager.ControlPlane);

    /// <summary>The process id of the cluster's DNS server on this machine; null when it is dead.</summary>
    public int? DnsPid => new Daemons(_paths, _cgroups).Find(DnsServer.Process, DnsServer.Process);

    /// <summary>The process that holds a node, on this machine.</summary>
    public int? MachinePid(string node) => new Daemons(_paths, _cgroups).Find(Known(node), node);

    /// <summary>A node's first process, as this machine numbers it; null while it does not run.</summary>
    public int? InitPid(string node) =>
        _cgroups.Processes($"{Known(node)}/system").Where(pid => ProcessTable.NamespaceIds(pid) is [_, 1]).Select(pid => (int?)pid).FirstOrDefault();

    /// <summary>The node agent, as this machine numbers it.</summary>
    public int? AgentPid(string node) => FromPidFile(node, "/run/trunkline/agent.pid");

    /// <summary>The node's SCTP service, as this machine numbers it.</summary>
    public int? SctpServicePid(string node) => FromPidFile(node, "/run/trunkline/sctp/service.pid");

    /// <summary>All processes inside a node, Pods' included, as this machine numbers them.</summary>
    public IReadOnlyList<int> Processes(string node) =>
        [.. _cgroups.Processes(Known(node)).Where(pid => ProcessTable.NamespaceIds(pid).Count > 1)];

    /// <summary>The same, each with the moment it began: an identity that no later process can have.</summary>
    public IReadOnlySet<string> ProcessIdentities(string node) =>
        Processes(node).Select(pid => (pid, start: ProcessTable.StartTime(pid))).Where(process => process.start is not null)
            .Select(process => $"{process.pid}@{process.start}").ToHashSet(StringComparer.Ordinal);

    /// <summary>Reads a file of a node, as the node sees it.</summary>
    public async Task<string> ReadFileAsync(string node, string path, CancellationToken cancel = default) =>
        await File.ReadAllTextAsync(PathInNode(node, path), cancel);

    /// <summary>Where a node's file is seen from this machine while the node is up.</summary>
    public string PathInNode(string node, string path) => $"/proc/{RequireInit(node)}/root{path}";

    /// <summary>
    /// Starts a program on a machine of the lab, outputs redirected. In a node it sees the node's files, network and host name (not its processes
    /// numbered as there: entering a PID namespace would put a process between, and signals would end that one instead).
    /// </summary>
    /// <param name="machine">A node or <see cref="External"/>.</param>
    /// <param name="command">The program and its arguments.</param>
    public Process Start(string machine, IReadOnlyList<string> command)
    {
        string[] enter = machine == External
            ? [$"--net={_paths.Netns(External)}"]
            : ["--target", RequireInit(machine).ToString(CultureInfo.InvariantCulture), "--mount", "--uts", "--ipc", "--net", "--root", "--wd=/"];
        string[] prepare = machine == External ? [] : ["unshare", "--mount", "--propagation", "private", "sh", "-c", OwnProc, "sh"];
        var start = new ProcessStartInfo("nsenter", [.. enter, "--", .. prepare, .. command]) { RedirectStandardOutput = true, RedirectStandardError = true };
        return Process.Start(start)!;
    }

    /// <summary>Runs a program on a machine of the lab to its end.</summary>
    public async Task<CommandResult> RunAsync(string machine, IReadOnlyList<string> command, CancellationToken cancel = default)
    {
        using var process = Start(machine, command);
        var output = process.StandardOutput.ReadToEndAsync(cancel);
        var errors = process.StandardError.ReadToEndAsync(cancel);
        try
        {
            await process.WaitForExitAsync(cancel);
            return new CommandResult(process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private int? FromPidFile(string node, string file)
    {
        if (InitPid(node) is not { } init)
        {
            return null;
        }

        try
        {
            var inside = int.Parse(File.ReadAllText($"/proc/{init}/root{file}"), CultureInfo.InvariantCulture);
            return _cgroups.Processes($"{node}/system").Where(pid => ProcessTable.NamespaceIds(pid) is [_, var id] && id == inside)
                .Select(pid => (int?)pid).FirstOrDefault();
        }
        catch (IOException)
        {
            return null;
        }
    }

    private int RequireInit(string node) =>
        InitPid(node) ?? throw new LabException($"{node} is not running; see {_paths.Log(node)}.", LabFailure.NotUp);

    private string Known(string machine) => machine == External || Nodes.Any(node => node.Name == machine)
        ? machine
        : throw new ArgumentException($"lab {Name} has no machine \"{machine}\"", nameof(machine));
}
