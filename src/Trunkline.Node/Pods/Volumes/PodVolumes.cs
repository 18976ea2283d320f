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

    /// <summary>Makes, or brings up to date, all volumes. Fails with <see cref="ConfigurationException"/> while one cannot be had.</summary>
    public async Task PrepareAsync(V1Pod pod, IReadOnlyList<string> podIps, CancellationToken cancellationToken)
    {
        foreach (var volume in WithToken(pod))
        {
            var directory = paths.VolumeDirectory(pod.Metadata.Uid, volume.Name);
            if (await content.FilesAsync(pod, volume, podIps, cancellationToken) is { } files)
            {
                AtomicDirectory.Write(directory, files, pod.Spec.SecurityContext?.FsGroup, time.GetUtcNow().UtcDateTime);
            }
            else if (volume.EmptyDir is { } empty)
            {
                MakeEmpty(directory, empty, pod.Spec.SecurityContext?.FsGroup);
            }
            else if (volume.HostPath is { } host)
            {
                HostPaths.Check(volume.Name, host, config.NodeName);
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
            yield return OciMount.Bind(Source(pod, container, mount, volume, variables), mount.MountPath,
                mount.ReadOnlyProperty == true || IsFiles(volume) || (volume.HostPath is { } host && HostPaths.IsReadOnly(host)));
        }

        if (NeedsToken(pod) && (container.VolumeMounts ?? []).All(mount => mount.MountPath.TrimEnd('/') != TokenDirectory))
        {
            yield return OciMount.Bind(paths.VolumeDirectory(pod.Metadata.Uid, OwnTokenVolume), TokenDirectory, readOnly: true);
        }
    }

    /// <summary>Unmounts what was mounted, so that the directories can be deleted.</summary>
    public void Release(string podUid)
    {
        foreach (var directory in new[] { paths.PinDirectory(podUid), Path.Join(paths.PodDirectory(podUid), "volumes") }.Where(Directory.Exists))
        {
            foreach (var point in Directory.EnumerateFileSystemEntries(directory))
            {
                Libc.Unmount(point);
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

    // What the node alone writes and what is bound whole needs no pin; whatever a container could exchange under our hands does.
    private string Source(V1Pod pod, V1Container container, V1VolumeMount mount, V1Volume volume, IReadOnlyDictionary<string, string> variables)
    {
        var subPath = mount.SubPathExpr is { Length: > 0 } expression ? VariableExpansion.Expand(expression, variables) : mount.SubPath ?? "";
        if (subPath.StartsWith('/') || subPath.Split('/').Contains(".."))
        {
            throw new ConfigurationException($"subPath \"{subPath}\" leads out of its volume");
        }

        var directory = paths.VolumeDirectory(pod.Metadata.Uid, mount.Name);
        if (volume.HostPath is null && subPath.Length == 0)
        {
            return directory;
        }

        var number = container.VolumeMounts.IndexOf(mount);
        var pin = Path.Join(paths.PinDirectory(pod.Metadata.Uid), $"{container.Name}-{number}");
        if (volume.HostPath is { } host)
        {
            var (root, inside) = HostPaths.Locate(host);
            return PinnedPath.Bind(root, Path.Join(inside, subPath), pin, makeDirectories: subPath.Length > 0 && !HostPaths.IsReadOnly(host), followInside: false);
        }

        return PinnedPath.Bind(directory, subPath, pin, makeDirectories: !IsFiles(volume), followInside: IsFiles(volume));
    }

    private static bool IsFiles(V1Volume volume) => volume.EmptyDir is null && volume.HostPath is null;
}
