using System.Text;
using k8s.Models;
using Trunkline.Node.Pods.Variables;

namespace Trunkline.Node.Pods.Volumes;

/// <summary>The files of ConfigMap, Secret, downward API and projected volumes.</summary>
internal sealed class VolumeContent(
    ConfigurationSource source, TokenSource tokens, NodeConfig config, Func<IDictionary<string, ResourceQuantity>> nodeCapacity)
{
    private const int DefaultMode = 420; // 0644
    private const int TokenMode = 0x180; // 0600
    private const string RootCertificates = "kube-root-ca.crt";

    /// <summary>Null: the volume is not made of files (emptyDir, hostPath).</summary>
    public async Task<IReadOnlyList<VolumeFile>?> FilesAsync(V1Pod pod, V1Volume volume, IReadOnlyList<string> podIps, CancellationToken cancellationToken)
    {
        var podNamespace = pod.Metadata.NamespaceProperty;
        if (volume.ConfigMap is { } map)
        {
            return await ConfigMapAsync(map.Name, map.Items, map.Optional, map.DefaultMode, podNamespace, cancellationToken);
        }

        if (volume.Secret is { } secret)
        {
            return await SecretAsync(secret.SecretName, secret.Items, secret.Optional, secret.DefaultMode, podNamespace, cancellationToken);
        }

        if (volume.DownwardAPI is { } downward)
        {
            return Downward(pod, downward.Items, downward.DefaultMode, podIps);
        }

        return volume.Projected is { } projected ? await ProjectedAsync(pod, projected, podIps, cancellationToken) : null;
    }

    private async Task<IReadOnlyList<VolumeFile>> ProjectedAsync(V1Pod pod, V1ProjectedVolumeSource projected, IReadOnlyList<string> podIps, CancellationToken cancellationToken)
    {
        var podNamespace = pod.Metadata.NamespaceProperty;
        var files = new List<VolumeFile>();
        foreach (var part in projected.Sources ?? [])
        {
            if (part.ServiceAccountToken is { } token)
            {
                var text = await tokens.GetAsync(pod, token.Audience, token.ExpirationSeconds ?? 3600, cancellationToken);
                var runsAsOther = (pod.Spec.SecurityContext?.RunAsUser ?? 0) != 0 || pod.Spec.Containers.Any(c => (c.SecurityContext?.RunAsUser ?? 0) != 0);
                files.Add(new VolumeFile(token.Path, Encoding.UTF8.GetBytes(text), runsAsOther ? DefaultMode : TokenMode));
            }
            else if (part.ConfigMap is { } map)
            {
                files.AddRange(await ConfigMapAsync(map.Name, map.Items, map.Optional, projected.DefaultMode, podNamespace, cancellationToken));
            }
            else if (part.Secret is { } secret)
            {
                files.AddRange(await SecretAsync(secret.Name, secret.Items, secret.Optional, projected.DefaultMode, podNamespace, cancellationToken));
            }
            else if (part.DownwardAPI is { } downward)
            {
                files.AddRange(Downward(pod, downward.Items, projected.DefaultMode, podIps));
            }
        }

        return files;
    }

    private async Task<IReadOnlyList<VolumeFile>> ConfigMapAsync(string name, IList<V1KeyToPath>? items, bool? optional, int? mode, string podNamespace,
        CancellationToken cancellationToken)
    {
        var entries = await source.ConfigMapAsync(name, podNamespace, cancellationToken);
        if (entries is null && name == RootCertificates)
        {
            // Published into every namespace by a controller that a cluster may not run; the node knows the same certificate.
            entries = new Dictionary<string, byte[]> { ["ca.crt"] = await File.ReadAllBytesAsync(config.CaFile, cancellationToken) };
        }

        return Select(entries, items, optional, mode, $"configmap \"{name}\" not found");
    }

    private async Task<IReadOnlyList<VolumeFile>> SecretAsync(string name, IList<V1KeyToPath>? items, bool? optional, int? mode, string podNamespace,
        CancellationToken cancellationToken) =>
        Select(await source.SecretAsync(name, podNamespace, cancellationToken), items, optional, mode, $"secret \"{name}\" not found");

    private static List<VolumeFile> Select(IReadOnlyDictionary<string, byte[]>? entries, IList<V1KeyToPath>? items, bool? optional, int? mode,
        string missing)
    {
        if (entries is null)
        {
            return optional == true ? [] : throw new ConfigurationException(missing);
        }

        if (items is not { Count: > 0 })
        {
            return [.. entries.Select(entry => new VolumeFile(entry.Key, entry.Value, mode ?? DefaultMode))];
        }

        var files = new List<VolumeFile>();
        foreach (var item in items)
        {
            if (entries.TryGetValue(item.Key, out var value))
            {
                files.Add(new VolumeFile(item.Path, value, item.Mode ?? mode ?? DefaultMode));
            }
            else if (optional != true)
            {
                throw new ConfigurationException($"references non-existent config key: {item.Key}");
            }
        }

        return files;
    }

    private List<VolumeFile> Downward(V1Pod pod, IList<V1DownwardAPIVolumeFile>? items, int? mode, IReadOnlyList<string> podIps) =>
        [.. (items ?? []).Select(item => new VolumeFile(item.Path, Encoding.UTF8.GetBytes(Value(pod, item, podIps)), item.Mode ?? mode ?? DefaultMode))];

    private string Value(V1Pod pod, V1DownwardAPIVolumeFile item, IReadOnlyList<string> podIps)
    {
        if (item.FieldRef is { } field)
        {
            return DownwardFields.Field(pod, field.FieldPath, podIps, config.Addresses) ?? throw new ConfigurationException($"unsupported fieldPath: {field.FieldPath}");
        }

        var container = pod.Spec.Containers.FirstOrDefault(candidate => candidate.Name == item.ResourceFieldRef.ContainerName)
            ?? throw new ConfigurationException($"container {item.ResourceFieldRef.ContainerName} not found");
        return DownwardFields.Resource(container, item.ResourceFieldRef, nodeCapacity());
    }
}
