using k8s.Models;
using Trunkline.Node.Pods.Variables;
using Trunkline.Node.Runtime;
using Trunkline.Node.Runtime.Native;
using Trunkline.Node.Runtime.Oci;

namespace Trunkline.Node.Pods.Volumes;

/// <summary>A Pod's volumes on the node's disk, and where a container sees them.</summary>
internal sealed class PodVolumes(NodePaths paths, VolumeContent content, NodeConfig config, TimeProvider time)
{
    public const string TokenDirectory = "/var/run/secrets/kubernetes.io/serviceaccount";
    private const string OwnTokenVolume = "kube-api-access-node";
    private const long TokenSeconds = 3607; // what the ServiceAccount admission plugin asks for

    // A node's root is the machine's: only what is the node's own may be shown to Pods.
    private static readonly string[] HostPaths = ["/tmp", "/var/log", "/etc/modprobe.d", "/etc/modules-load.d", "/etc/machine-config-daemon"];

    /// <summary>Makes, or brings up to date, all volumes. Fails with <see cref="ConfigurationException"/> while one cannot be had.</summary>
    public async Task PrepareAsync(V1Pod pod, string podIp, CancellationToken cancellationToken)
    {
        foreach (var volume in WithToken(pod))
        {
            var directory = paths.VolumeDirectory(pod.Metadata.Uid, volume.Name);
            if (await content.FilesAsync(pod, volume, podIp, cancellationToken) is { } files)
            {
                AtomicDirectory.Write(directory, files, pod.Spec.SecurityContext?.FsGroup, time.GetUtcNow().UtcDateTime);
            }
            else if (volume.EmptyDir is { } empty)
            {
                MakeEmpty(directory, empty, pod.Spec.SecurityContext?.FsGroup);
            }
            else if (volume.HostPath is { } host)
            {
                CheckHostPath(volume.Name, host);
            }
            else
            {
                throw new ConfigurationException($"volume \"{volume.Name}\": this node has emptyDir, configMap, secret, downwardAPI, projected and hostPath volumes");
            }
        }
    }

    public IEnumerable<OciMount> Mounts(V1Pod pod, V1Container container, IReadOnlyDictionary<string, string> variables)
    {
        var volumes = WithToken(pod).ToDictionary(volume => volume.Name, StringComparer.Ordinal);
        foreach (var mount in container.VolumeMounts ?? [])
        {
            var volume = volumes.GetValueOrDefault(mount.Name) ?? throw new ConfigurationException($"volume {mount.Name} not found");
            var source = volume.HostPath?.Path ?? paths.VolumeDirectory(pod.Metadata.Uid, mount.Name);
            var subPath = mount.SubPathExpr is { Length: > 0 } expression ? VariableExpansion.Expand(expression, variables) : mount.SubPath;
            var isFiles = volume.EmptyDir is null && volume.HostPath is null;
            yield return OciMount.Bind(subPath is { Length: > 0 } ? SubPath(source, subPath, isFiles) : source, mount.MountPath,
                mount.ReadOnlyProperty == true || isFiles);
        }

        if (NeedsToken(pod) && (container.VolumeMounts ?? []).All(mount => mount.MountPath.TrimEnd('/') != TokenDirectory))
        {
            yield return OciMount.Bind(paths.VolumeDirectory(pod.Metadata.Uid, OwnTokenVolume), TokenDirectory, readOnly: true);
        }
    }

    /// <summary>Unmounts what was mounted, so that the directories can be deleted.</summary>
    public void Release(string podUid)
    {
        var directory = Path.Join(paths.PodDirectory(podUid), "volumes");
        if (Directory.Exists(directory))
        {
            foreach (var volume in Directory.EnumerateDirectories(directory))
            {
                Libc.Unmount(volume);
            }
        }
    }

    // The admission plugin normally adds the token's volume; where the API server runs without it, the node does what it would have done.
    private static IEnumerable<V1Volume> WithToken(V1Pod pod)
    {
        var volumes = pod.Spec.Volumes ?? [];
        return NeedsToken(pod) ? volumes.Append(OwnToken()) : volumes;
    }

    private static bool NeedsToken(V1Pod pod) => pod.Spec.AutomountServiceAccountToken != false
        && pod.Spec.Containers.Any(container => (container.VolumeMounts ?? []).All(mount => mount.MountPath.TrimEnd('/') != TokenDirectory));

    private static V1Volume OwnToken() => new()
    {
        Name = OwnTokenVolume,
        Projected = new V1ProjectedVolumeSource
        {
            Sources =
            [
                new V1VolumeProjection { ServiceAccountToken = new V1ServiceAccountTokenProjection { Path = "token", ExpirationSeconds = TokenSeconds } },
                new V1VolumeProjection { ConfigMap = new V1ConfigMapProjection { Name = "kube-root-ca.crt" } },
                new V1VolumeProjection
                {
                    DownwardAPI = new V1DownwardAPIProjection
                    {
                        Items = [new V1DownwardAPIVolumeFile { Path = "namespace", FieldRef = new V1ObjectFieldSelector { FieldPath = "metadata.namespace" } }],
                    },
                },
            ],
        },
    };

    private static void MakeEmpty(string directory, V1EmptyDirVolumeSource source, long? group)
    {
        if (Directory.Exists(directory))
        {
            return;
        }

        Directory.CreateDirectory(directory);
        if (source.Medium == "Memory")
        {
            var size = source.SizeLimit is { } limit ? $",size={limit.ToDecimal():F0}" : "";
            Libc.Mount("tmpfs", directory, "tmpfs", Libc.MountNoDev | Libc.MountNoSuid, "mode=0777" + size);
        }

        const int Everybody = 0x1FF; // 0777, a kubelet's mode; with fsGroup also set-group-id
        if (group is { } number)
        {
            Libc.ChangeOwner(directory, uint.MaxValue, (uint)number);
        }

        File.SetUnixFileMode(directory, (UnixFileMode)(group is null ? Everybody : Everybody | 0x400));
    }

    private void CheckHostPath(string name, V1HostPathVolumeSource source)
    {
        var path = Path.GetFullPath(source.Path);
        if (!HostPaths.Any(allowed => path == allowed || path.StartsWith(allowed + "/", StringComparison.Ordinal)))
        {
            throw new ConfigurationException($"hostPath volume \"{name}\": {config.NodeName} shows Pods only {string.Join(", ", HostPaths)}, not {path}");
        }

        if (source.Type is "DirectoryOrCreate")
        {
            Directory.CreateDirectory(path);
        }
        else if (!Path.Exists(path))
        {
            throw new ConfigurationException($"hostPath volume \"{name}\": {path} does not exist");
        }
    }

    private static string SubPath(string source, string subPath, bool isFiles)
    {
        if (subPath.StartsWith('/') || subPath.Split('/').Contains(".."))
        {
            throw new ConfigurationException($"subPath \"{subPath}\" leads out of its volume");
        }

        // A link made by a container could lead anywhere on the node; only the kubelet's own `..data` link is followed.
        var path = source;
        foreach (var part in subPath.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            path = Path.Join(path, part);
            if (!isFiles && new FileInfo(path).LinkTarget is not null)
            {
                throw new ConfigurationException($"subPath \"{subPath}\" leads through a symbolic link");
            }
        }

        if (!Path.Exists(path))
        {
            if (isFiles)
            {
                throw new ConfigurationException($"subPath \"{subPath}\" does not exist in its volume");
            }

            Directory.CreateDirectory(path);
        }

        return path;
    }
}
