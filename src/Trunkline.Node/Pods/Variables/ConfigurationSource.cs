using System.Net;
using System.Text;
using k8s;
using k8s.Autorest;

namespace Trunkline.Node.Pods.Variables;

/// <summary>ConfigMaps and Secrets, read when a container or a volume needs them.</summary>
internal sealed class ConfigurationSource(IKubernetes client)
{
    /// <summary>The entries of a ConfigMap, or null where there is none.</summary>
    public Task<IReadOnlyDictionary<string, byte[]>?> ConfigMapAsync(string name, string podNamespace, CancellationToken cancellationToken) =>
        ReadAsync(async () =>
        {
            var map = await client.CoreV1.ReadNamespacedConfigMapAsync(name, podNamespace, cancellationToken: cancellationToken);
            var entries = new Dictionary<string, byte[]>(StringComparer.Ordinal);
            foreach (var (key, value) in map.Data ?? new Dictionary<string, string>())
            {
                entries[key] = Encoding.UTF8.GetBytes(value);
            }

            foreach (var (key, value) in map.BinaryData ?? new Dictionary<string, byte[]>())
            {
                entries[key] = value;
            }

            return entries;
        });

    public Task<IReadOnlyDictionary<string, byte[]>?> SecretAsync(string name, string podNamespace, CancellationToken cancellationToken) =>
        ReadAsync(async () =>
        {
            var secret = await client.CoreV1.ReadNamespacedSecretAsync(name, podNamespace, cancellationToken: cancellationToken);
            return new Dictionary<string, byte[]>(secret.Data ?? new Dictionary<string, byte[]>(), StringComparer.Ordinal);
        });

    private static async Task<IReadOnlyDictionary<string, byte[]>?> ReadAsync(Func<Task<Dictionary<string, byte[]>>> read)
    {
        try
        {
            return await read();
        }
        catch (HttpOperationException exception) when (exception.Response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }
}
