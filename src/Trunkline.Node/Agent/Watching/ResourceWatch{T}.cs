using System.Net;
using System.Text.Json;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace Trunkline.Node.Agent.Watching;

/// <summary>
/// Lists a resource, then watches it from that version on, for ever: a broken or expired watch lists again. Everything is told to one sink, in order.
/// </summary>
internal sealed class ResourceWatch<T>(Kubernetes client, string path, string? fieldSelector, IWatchSink<T> sink, TimeProvider time, ILogger logger)
    where T : IKubernetesObject<V1ObjectMeta>
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan AbsentDelay = TimeSpan.FromSeconds(30);

    /// <summary>Whether a server may not know the resource at all (404: a CustomResourceDefinition that is not there): then there are none, and now and then it is asked again.</summary>
    public bool IsOptional { get; init; }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var delay = FirstDelay;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var version = await ListAsync(cancellationToken);
                delay = FirstDelay;
                while (version is not null)
                {
                    version = await WatchAsync(version, cancellationToken);
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (HttpRequestException exception) when (IsOptional && exception.StatusCode == HttpStatusCode.NotFound)
            {
                sink.Replace([]);
                delay = AbsentDelay;
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException or JsonException or OperationCanceledException)
            {
                WatchLog.Broken(logger, path, exception.Message);
                delay = delay * 2 > LongestDelay ? LongestDelay : delay * 2;
            }

            await Task.Delay(delay, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<string> ListAsync(CancellationToken cancellationToken)
    {
        using var response = await SendAsync("", cancellationToken);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var document = await JsonDocument.ParseAsync(body, cancellationToken: cancellationToken);
        var items = new List<T>();
        if (document.RootElement.TryGetProperty("items", out var list) && list.ValueKind == JsonValueKind.Array)
        {
            items.AddRange(list.EnumerateArray().Select(item => KubernetesJson.Deserialize<T>(item.GetRawText())));
        }

        sink.Replace(items);
        return document.RootElement.GetProperty("metadata").GetProperty("resourceVersion").GetString() ?? "";
    }

    // Gives the version to go on from, or null when the server no longer has it (410 Gone) and only a list helps.
    private async Task<string?> WatchAsync(string version, CancellationToken cancellationToken)
    {
        using var response = await SendAsync($"watch=true&allowWatchBookmarks=true&timeoutSeconds=540&resourceVersion={version}", cancellationToken);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var reader = new StreamReader(body);
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            using var document = JsonDocument.Parse(line);
            var type = document.RootElement.GetProperty("type").GetString();
            var item = document.RootElement.GetProperty("object");
            if (type == "ERROR")
            {
                WatchLog.Broken(logger, path, item.TryGetProperty("message", out var message) ? message.GetString() ?? "" : "");
                return null;
            }

            version = item.GetProperty("metadata").GetProperty("resourceVersion").GetString() ?? version;
            if (type != "BOOKMARK")
            {
                sink.Change(type == "DELETED" ? WatchChange.Deleted : WatchChange.Stored, KubernetesJson.Deserialize<T>(item.GetRawText()));
            }
        }

        return version;
    }

    private async Task<HttpResponseMessage> SendAsync(string query, CancellationToken cancellationToken)
    {
        if (fieldSelector is not null)
        {
            query += $"&fieldSelector={Uri.EscapeDataString(fieldSelector)}";
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(client.BaseUri, $"{path}?{query.TrimStart('&')}"));
        request.Headers.Accept.ParseAdd("application/json");
        var response = await client.HttpClient.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (response.StatusCode == HttpStatusCode.OK)
        {
            return response;
        }

        using (response)
        {
            throw new HttpRequestException($"{(int)response.StatusCode} {response.ReasonPhrase}", null, response.StatusCode);
        }
    }
}
