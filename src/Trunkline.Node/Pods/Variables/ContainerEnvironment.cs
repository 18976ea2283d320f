using System.Text;
using k8s.Models;

namespace Trunkline.Node.Pods.Variables;

/// <summary>A container's environment in a kubelet's order: the image's, Services', envFrom's, env's; a later one wins.</summary>
internal sealed class ContainerEnvironment(
    ConfigurationSource source, ServiceCache services, IReadOnlyList<string> nodeIps, Func<IDictionary<string, ResourceQuantity>> nodeCapacity)
{
    // What the base image says in its configuration, and what runtimes set for every container.
    private static readonly KeyValuePair<string, string>[] Image =
    [
        new("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
        new("container", "oci"),
    ];

    public async Task<IReadOnlyList<KeyValuePair<string, string>>> BuildAsync(V1Pod pod, V1Container container, IReadOnlyList<string> podIps, string hostName,
        CancellationToken cancellationToken)
    {
        await services.Synced.WaitAsync(cancellationToken);
        var podNamespace = pod.Metadata.NamespaceProperty;
        List<KeyValuePair<string, string>> result = [.. Image, new("HOSTNAME", hostName)];
        result.AddRange(ServiceVariables.Build(services.Snapshot(), podNamespace, pod.Spec.EnableServiceLinks ?? true));
        foreach (var from in container.EnvFrom ?? [])
        {
            result.AddRange(await FromAsync(from, podNamespace, cancellationToken));
        }

        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in result)
        {
            known[name] = value;
        }

        foreach (var variable in container.Env ?? [])
        {
            var value = variable.ValueFrom is null
                ? VariableExpansion.Expand(variable.Value ?? "", known)
                : await ValueAsync(pod, container, variable.ValueFrom, podIps, cancellationToken);
            if (value is not null)
            {
                known[variable.Name] = value;
                result.Add(new(variable.Name, value));
            }
        }

        return result;
    }

    private async Task<IEnumerable<KeyValuePair<string, string>>> FromAsync(V1EnvFromSource from, string podNamespace, CancellationToken cancellationToken)
    {
        var (kind, name, optional) = from.ConfigMapRef is { } map ? ("configmap", map.Name, map.Optional) : ("secret", from.SecretRef.Name, from.SecretRef.Optional);
        var entries = await EntriesAsync(kind, name, podNamespace, cancellationToken);
        if (entries is null)
        {
            return optional == true ? [] : throw new ConfigurationException($"{kind} \"{name}\" not found");
        }

        return entries.OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => new KeyValuePair<string, string>(from.Prefix + pair.Key, Encoding.UTF8.GetString(pair.Value)));
    }

    private async Task<string?> ValueAsync(V1Pod pod, V1Container container, V1EnvVarSource from, IReadOnlyList<string> podIps, CancellationToken cancellationToken)
    {
        var podNamespace = pod.Metadata.NamespaceProperty;
        if (from.FieldRef is { } field)
        {
            return DownwardFields.Field(pod, field.FieldPath, podIps, nodeIps)
                ?? throw new ConfigurationException($"unsupported fieldPath: {field.FieldPath}");
        }

        if (from.ResourceFieldRef is { } resource)
        {
            return DownwardFields.Resource(container, resource, nodeCapacity());
        }

        return from.ConfigMapKeyRef is { } map
            ? await KeyAsync("configmap", map.Name, map.Key, map.Optional, podNamespace, cancellationToken)
            : await KeyAsync("secret", from.SecretKeyRef.Name, from.SecretKeyRef.Key, from.SecretKeyRef.Optional, podNamespace, cancellationToken);
    }

    private async Task<string?> KeyAsync(string kind, string name, string key, bool? optional, string podNamespace, CancellationToken cancellationToken)
    {
        var entries = await EntriesAsync(kind, name, podNamespace, cancellationToken);
        if (entries is not null && entries.TryGetValue(key, out var value))
        {
            return Encoding.UTF8.GetString(value);
        }

        if (optional == true)
        {
            return null;
        }

        throw new ConfigurationException(entries is null
            ? $"{kind} \"{name}\" not found"
            : $"couldn't find key {key} in {(kind == "configmap" ? "ConfigMap" : "Secret")} {podNamespace}/{name}");
    }

    private Task<IReadOnlyDictionary<string, byte[]>?> EntriesAsync(string kind, string name, string podNamespace, CancellationToken cancellationToken) =>
        kind == "configmap" ? source.ConfigMapAsync(name, podNamespace, cancellationToken) : source.SecretAsync(name, podNamespace, cancellationToken);
}
