using k8s.Models;
using Trunkline.Node.Pods.Admission;
using Trunkline.Node.Pods.State;
using Trunkline.Node.Pods.Variables;
using Trunkline.Node.Pods.Volumes;
using Trunkline.Node.Runtime;
using Trunkline.Node.Runtime.Oci;

namespace Trunkline.Node.Pods;

/// <summary>Makes one container of a Pod whose sandbox and volumes stand: environment, files, root, bundle.</summary>
internal sealed class ContainerLauncher(
    NodeConfig config, NodePaths paths, PodSandbox sandbox, PodVolumes volumes, ContainerEnvironment environment, ContainerMonitor monitor, TimeProvider time)
{
    private const string SctpMountPoint = "/run/trunkline-sctp";
    private const string DefaultTerminationMessagePath = "/dev/termination-log";

    private readonly ContainerRoot _root = new(config.ImageLayout);
    private readonly long _nodeMemory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
    private readonly int _lowestOomScore = int.Parse(File.ReadAllText("/proc/self/oom_score_adj"), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Creates the container; its first process waits for the start.</summary>
    public async Task CreateAsync(V1Pod pod, V1Container container, PodRecord record, string id, int attempt, CancellationToken cancellationToken)
    {
        if ((ContainerRefusal.Of(pod, container, record.Networks.Count > 0) ?? OciUser.Refusal(pod, container)) is { } refusal)
        {
            throw new ConfigurationException(refusal);
        }

        var hostName = record.HostNetwork ? System.Environment.MachineName : PodSandbox.HostName(pod);
        var variables = await environment.BuildAsync(pod, container, record.Ips, hostName, cancellationToken);
        var known = variables.GroupBy(pair => pair.Key, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Last().Value, StringComparer.Ordinal);
        var directory = paths.ContainerDirectory(record.Uid, id);
        var plan = new ContainerPlan
        {
            Pod = pod,
            Container = container,
            Root = _root.Create(directory),
            CgroupPath = $"{config.CgroupParent}/pod{record.Uid}/{id}",
            Arguments = Arguments(container, known),
            Environment = variables,
            Mounts = [.. Mounts(pod, container, record, directory, hostName, known)],
            NetworkNamespace = sandbox.NetworkPath(record),
            UtsNamespace = sandbox.UtsPath(record),
            IpcNamespace = sandbox.IpcPath(record),
            LowestOomScoreAdjustment = _lowestOomScore,
        };
        var log = paths.LogFile(record.Namespace, record.Name, record.Uid, container.Name, attempt);
        await monitor.CreateAsync(
            new ContainerLaunch(id, OciSpecBuilder.Build(plan, _nodeMemory), log)
            {
                Terminal = container.Tty == true,
                Stdin = container.Stdin == true,
                StdinOnce = container.StdinOnce == true,
            }, time, cancellationToken);
    }

    /// <summary>What the container left at its terminationMessagePath, cut to a kubelet's 4096 bytes; null where nothing.</summary>
    public string? TerminationMessage(PodRecord record, string id)
    {
        var file = Path.Join(paths.ContainerDirectory(record.Uid, id), "termination-log");
        if (!File.Exists(file))
        {
            return null;
        }

        using var stream = File.OpenRead(file);
        var buffer = new byte[4096];
        var length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        return length == 0 ? null : System.Text.Encoding.UTF8.GetString(buffer, 0, length);
    }

    private IEnumerable<OciMount> Mounts(V1Pod pod, V1Container container, PodRecord record, string directory, string hostName,
        IReadOnlyDictionary<string, string> variables)
    {
        var nodeResolvConf = File.Exists("/etc/resolv.conf") ? File.ReadAllText("/etc/resolv.conf") : "";
        yield return OciMount.Bind(paths.SharedMemory(record.Uid), "/dev/shm", readOnly: false);
        yield return OciMount.Bind(Write(directory, "hosts", PodFiles.Hosts(pod, record.Ips, hostName)), "/etc/hosts", readOnly: false);
        yield return OciMount.Bind(Write(directory, "resolv.conf", PodFiles.ResolvConf(pod, nodeResolvConf)), "/etc/resolv.conf", readOnly: false);
        yield return OciMount.Bind(Write(directory, "hostname", hostName + "\n"), "/etc/hostname", readOnly: false);
        var termination = Write(directory, "termination-log", "");
        File.SetUnixFileMode(termination, (UnixFileMode)0x1B6); // 0666: whoever the container runs as may leave its last words
        var terminationPath = string.IsNullOrEmpty(container.TerminationMessagePath) ? DefaultTerminationMessagePath : container.TerminationMessagePath;
        yield return OciMount.Bind(termination, terminationPath, readOnly: false);

        // The directory, not the socket: the service may be restarted and make a new one. Read-only still lets connect(2) through.
        Directory.CreateDirectory(sandbox.SctpDirectory(record));
        yield return new OciMount(SctpMountPoint, "bind", sandbox.SctpDirectory(record), "rbind", "rprivate", "ro", "nosuid", "nodev", "noexec");
        foreach (var mount in volumes.Mounts(pod, container, variables))
        {
            yield return mount;
        }
    }

    private List<string> Arguments(V1Container container, IReadOnlyDictionary<string, string> variables)
    {
        var command = (container.Command ?? []).Select(text => VariableExpansion.Expand(text, variables));
        var arguments = (container.Args ?? []).Select(text => VariableExpansion.Expand(text, variables));
        List<string> all = [.. command, .. arguments];

        // The base image has no entrypoint and starts a shell, as the images it stands for do.
        return all.Count > 0 ? all : [File.Exists(Path.Join(config.ImageLayout, "bin/bash")) ? "/bin/bash" : "/bin/sh"];
    }

    private static string Write(string directory, string name, string text)
    {
        var path = Path.Join(directory, name);
        File.WriteAllText(path, text);
        return path;
    }
}
