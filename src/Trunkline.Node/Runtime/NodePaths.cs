using System.Security.Cryptography;
using System.Text;

namespace Trunkline.Node.Runtime;

/// <summary>Where a node keeps what. <paramref name="run"/> is lost at a reboot, <paramref name="state"/> and <paramref name="logs"/> are kept.</summary>
internal sealed class NodePaths(string run = "/run", string state = "/var/lib/trunkline", string logs = "/var/log/pods")
{
    public string NetworkNamespaces { get; } = Path.Join(run, "netns");

    public string OtherNamespaces { get; } = Path.Join(run, "trunkline/ns");

    public string BootIdFile { get; } = Path.Join(run, "trunkline/boot_id");

    public string RuntimeRoot { get; } = Path.Join(run, "trunkline/runc");

    public string Exits { get; } = Path.Join(run, "trunkline/exits");

    // Short: a Unix socket's path has 107 bytes, of which the container's id takes 64.
    public string AttachSockets { get; } = Path.Join(run, "trunkline/io");

    public string InitSocket { get; } = Path.Join(run, "trunkline/init.sock");

    public string SctpModule { get; } = Path.Join(run, "trunkline/sctp/module");

    public string SctpNamespaces { get; } = Path.Join(run, "trunkline/sctp/namespaces");

    public string SctpPods { get; } = Path.Join(run, "trunkline/sctp/pods");

    public string Pods { get; } = Path.Join(state, "pods");

    /// <summary>Who has which address of secondary networks whose addresses the node itself gives.</summary>
    public string NetworkAddresses { get; } = Path.Join(state, "networks");

    public string PodDirectory(string podUid) => Path.Join(Pods, podUid);

    public string VolumeDirectory(string podUid, string volume) => Path.Join(Pods, podUid, "volumes", volume);

    /// <summary>Where places inside volumes are bound, each once opened.</summary>
    public string PinDirectory(string podUid) => Path.Join(Pods, podUid, "pins");

    public string SharedMemory(string podUid) => Path.Join(Pods, podUid, "shm");

    /// <summary>What of a container is lost with the boot and must be on a fast file system: its bundle, monitor's files.</summary>
    public string Bundle(string containerId) => Path.Join(run, "trunkline/bundles", containerId);

    public string ContainerDirectory(string podUid, string containerId) => Path.Join(Pods, podUid, "containers", containerId);

    public string PodLogs(string podNamespace, string podName, string podUid) => Path.Join(logs, $"{podNamespace}_{podName}_{podUid}");

    public string LogFile(string podNamespace, string podName, string podUid, string container, int attempt) =>
        Path.Join(PodLogs(podNamespace, podName, podUid), container, $"{attempt}.log");

    /// <summary>Always the same for the same attempt, so that a restarted agent names what its predecessor made.</summary>
    public static string ContainerId(string podUid, string container, int attempt) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{podUid}/{container}/{attempt}")));
}
