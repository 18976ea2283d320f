using System.Globalization;
using System.Runtime.InteropServices;
using k8s.Models;

namespace Trunkline.Node.Agent.Registration;

/// <summary>What the node is: read once, from /proc and /etc.</summary>
internal sealed record NodeFacts(string BootId, string MachineId, string KernelVersion, string OsImage, string Architecture, int Processors, long MemoryBytes,
    long DiskBytes, string RuntimeVersion)
{
    /// <summary>The Kubernetes release whose kubelet this agent stands for.</summary>
    public const string KubeletVersion = "v1.32.5";

    private const int MaximumPods = 250; // OpenShift's default

    public static NodeFacts Read(string bootIdFile, string stateDirectory, string runtimeVersion) => new(
        (File.Exists(bootIdFile) ? File.ReadAllText(bootIdFile) : File.ReadAllText("/proc/sys/kernel/random/boot_id")).Trim(),
        File.Exists("/etc/machine-id") ? File.ReadAllText("/etc/machine-id").Trim() : "",
        File.ReadAllText("/proc/sys/kernel/osrelease").Trim(),
        OsName(),
        RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "arm64" : "amd64",
        Environment.ProcessorCount,
        Memory(),
        new DriveInfo(stateDirectory).TotalSize,
        runtimeVersion);

    public Dictionary<string, ResourceQuantity> Capacity() => new()
    {
        ["cpu"] = new ResourceQuantity(Processors.ToString(CultureInfo.InvariantCulture)),
        ["memory"] = new ResourceQuantity($"{(MemoryBytes / 1024).ToString(CultureInfo.InvariantCulture)}Ki"),
        ["ephemeral-storage"] = new ResourceQuantity($"{(DiskBytes / 1024).ToString(CultureInfo.InvariantCulture)}Ki"),
        ["pods"] = new ResourceQuantity(MaximumPods.ToString(CultureInfo.InvariantCulture)),
    };

    public V1NodeSystemInfo Info() => new()
    {
        BootID = BootId,
        MachineID = MachineId,
        SystemUUID = MachineId,
        KernelVersion = KernelVersion,
        OsImage = OsImage,
        ContainerRuntimeVersion = RuntimeVersion,
        KubeletVersion = KubeletVersion,
        KubeProxyVersion = KubeletVersion,
        OperatingSystem = "linux",
        Architecture = Architecture,
    };

    private static long Memory()
    {
        var line = File.ReadLines("/proc/meminfo").First(text => text.StartsWith("MemTotal:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }

    private static string OsName() => (File.Exists("/etc/os-release") ? File.ReadLines("/etc/os-release") : [])
        .Where(line => line.StartsWith("PRETTY_NAME=", StringComparison.Ordinal)).Select(line => line["PRETTY_NAME=".Length..].Trim('"')).FirstOrDefault("Linux");
}
