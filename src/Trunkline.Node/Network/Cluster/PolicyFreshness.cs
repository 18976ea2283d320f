using System.Net.Sockets;
using System.Text.Json;
using Trunkline.Node.Pods.Variables;

namespace Trunkline.Node.Network.Cluster;

/// <summary>
/// Before a Pod's first process starts, its policies are in force (Kubernetes rule): also those that were made before the Pod, of which a watch that is behind or waits to
/// be made anew has not told yet. So the API server is asked once, and the watches have to come as far.
/// </summary>
/// <param name="read">A GET of the API server: null where it knows no such thing.</param>
/// <param name="policies">Of NetworkPolicies.</param>
/// <param name="namespaces">Of namespaces.</param>
/// <param name="clusterPolicies">Of ClusterNetworkPolicies.</param>
/// <param name="time">Clock of its patience.</param>
internal sealed class PolicyFreshness(
    Func<string, CancellationToken, Task<JsonDocument?>> read, WatchProgress policies, WatchProgress namespaces, WatchProgress clusterPolicies, TimeProvider time)
{
    public const string ClusterPolicies = "apis/policy.networking.k8s.io/v1alpha2/clusternetworkpolicies";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30), Between = TimeSpan.FromMilliseconds(20), BetweenReads = TimeSpan.FromSeconds(1), PerRead = TimeSpan.FromSeconds(5);

    /// <exception cref="ConfigurationException">Nobody can say what policies there are; the Pod's containers wait, and its events say why.</exception>
    public async Task WaitAsync(string ns, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        await WaitAsync(namespaces, $"api/v1/namespaces/{ns}", key => key == $"/{ns}", start, cancellationToken);
        await WaitAsync(policies, $"apis/networking.k8s.io/v1/namespaces/{ns}/networkpolicies", key => key.StartsWith($"{ns}/", StringComparison.Ordinal), start, cancellationToken);
        await WaitAsync(clusterPolicies, ClusterPolicies, _ => true, start, cancellationToken);
    }

    private async Task WaitAsync(WatchProgress progress, string path, Func<string, bool> isMeant, long start, CancellationToken cancellationToken)
    {
        if (await ReadAsync(path, start, cancellationToken) is not var (listed, asOf))
        {
            return;
        }

        while (progress.Missing(listed, asOf, isMeant) is { } missing)
        {
            if (time.GetElapsedTime(start) > Patience)
            {
                throw new ConfigurationException($"the Pod's policies are not known: for {Patience.TotalSeconds} s the watch of {path} has not told of {missing.TrimStart('/')} as the API server has it");
            }

            await Task.Delay(Between, time, cancellationToken);
        }
    }

    private async Task<(IReadOnlyDictionary<string, ulong> Listed, ulong AsOf)?> ReadAsync(string path, long start, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var patience = new CancellationTokenSource(PerRead, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
            try
            {
                using var document = await read(path, either.Token);
                return document is null ? null : Versions(document.RootElement);
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException or SocketException or JsonException
                || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                if (time.GetElapsedTime(start) > Patience)
                {
                    throw new ConfigurationException($"the Pod's policies are not known: the API server does not answer {path}: {exception.Message}");
                }

                await Task.Delay(BetweenReads, time, cancellationToken);
            }
        }
    }

    private static (IReadOnlyDictionary<string, ulong> Listed, ulong AsOf) Versions(JsonElement root)
    {
        var items = root.TryGetProperty("items", out var list) ? list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().ToList() : [] : [root];
        var listed = new Dictionary<string, ulong>(StringComparer.Ordinal);
        foreach (var metadata in items.Select(item => item.GetProperty("metadata")))
        {
            listed[$"{Text(metadata, "namespace")}/{Text(metadata, "name")}"] = WatchProgress.VersionOf(Text(metadata, "resourceVersion"));
        }

        return (listed, WatchProgress.VersionOf(Text(root.GetProperty("metadata"), "resourceVersion")));
    }

    private static string? Text(JsonElement item, string name) => item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
