using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using k8s;

namespace Trunkline.Operations.Cluster;

/// <summary>The Kubernetes API of one cluster, as documents. Works against any API server that a kubeconfig names.</summary>
public sealed class ClusterApi : IDisposable
{
    private readonly Kubernetes _client;

    /// <summary>Opens the cluster that a kubeconfig's current context names.</summary>
    /// <param name="kubeconfig">Path of the kubeconfig file.</param>
    public ClusterApi(string kubeconfig)
        : this(new ClusterTarget(kubeconfig))
    {
    }

    /// <summary>Opens a cluster. Nothing is sent before the first request.</summary>
    /// <param name="target">Which cluster.</param>
    /// <exception cref="ClusterException">The target names no cluster that can be asked.</exception>
    public ClusterApi(ClusterTarget target)
    {
        var configuration = target.Resolve();
        Server = configuration.Host;
        Namespace = target.Namespace ?? (string.IsNullOrEmpty(configuration.Namespace) ? "default" : configuration.Namespace);
        _client = new Kubernetes(configuration);
    }

    /// <summary>The server's address, as the kubeconfig gives it.</summary>
    public string Server { get; }

    /// <summary>The namespace that is meant where none is named.</summary>
    public string Namespace { get; }

    /// <summary>The official client, for what is not a document (exec).</summary>
    public IKubernetes Client => _client;

    /// <summary>Reads an object or a list.</summary>
    public Task<ApiAnswer> GetAsync(string path, CancellationToken cancel) => SendAsync(HttpMethod.Get, path, null, null, cancel);

    /// <summary>Reads a text, such as a Pod's log.</summary>
    public async Task<string> ReadTextAsync(string path, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_client.BaseUri, path));
        using var response = await _client.HttpClient.SendAsync(request, cancel);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsStringAsync(cancel);
    }

    /// <summary>Creates an object.</summary>
    public Task<ApiAnswer> CreateAsync(ResourcePath path, JsonObject body, FieldValidation validation, CancellationToken cancel) =>
        SendAsync(HttpMethod.Post, $"{path.Collection}?fieldManager=trunkline&fieldValidation={validation}", body, "application/json", cancel);

    /// <summary>Changes an object by a merge patch (RFC 7386).</summary>
    public Task<ApiAnswer> MergePatchAsync(string path, JsonObject patch, CancellationToken cancel) =>
        SendAsync(HttpMethod.Patch, path, patch, "application/merge-patch+json", cancel);

    /// <summary>Deletes an object; one that is not there is no error.</summary>
    public Task<ApiAnswer> DeleteAsync(string path, CancellationToken cancel) => SendAsync(HttpMethod.Delete, path, null, null, cancel);

    /// <summary>Opens a watch and gives its events, oldest first, until it is cancelled or the server ends it.</summary>
    public async IAsyncEnumerable<WatchEvent> WatchAsync(
        string collection,
        string resourceVersion,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        using var request = Request(HttpMethod.Get, $"{collection}?watch=true&allowWatchBookmarks=true&resourceVersion={resourceVersion}");
        using var response = await _client.HttpClient.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        response.EnsureSuccessStatusCode();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancel));
        while (await reader.ReadLineAsync(cancel) is { } line)
        {
            if (JsonNode.Parse(line) is JsonObject document && document["object"] is JsonObject item)
            {
                yield return new WatchEvent(document["type"]?.GetValue<string>() ?? "", item);
            }
        }
    }

    /// <inheritdoc />
    public void Dispose() => _client.Dispose();

    private async Task<ApiAnswer> SendAsync(HttpMethod method, string path, JsonObject? body, string? contentType, CancellationToken cancel)
    {
        using var request = Request(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(contentType!);
        }

        using var response = await ReachAsync(request, cancel);
        var text = await response.Content.ReadAsStringAsync(cancel);
        if (response.StatusCode == HttpStatusCode.Unauthorized)
        {
            throw new ClusterException($"{Server} does not accept the kubeconfig's credentials (401 Unauthorized): a token or certificate has expired or is another cluster's; log in again.");
        }

        var warnings = response.Headers.TryGetValues("Warning", out var values) ? values.ToList() : [];
        return new ApiAnswer(response.StatusCode, Parse(text), warnings);
    }

    private async Task<HttpResponseMessage> ReachAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        try
        {
            return await _client.HttpClient.SendAsync(request, cancel);
        }
        catch (HttpRequestException error)
        {
            throw new ClusterException(Unreachable(error), error);
        }
        catch (TaskCanceledException error) when (!cancel.IsCancellationRequested)
        {
            throw new ClusterException($"{Server} did not answer in time; is it the right address, and is the way to it open?", error);
        }
    }

    private string Unreachable(HttpRequestException error) => error.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => $"{Server}: its name is not known here ({error.InnerException?.Message ?? error.Message}).",
        HttpRequestError.SecureConnectionError => $"{Server}: no secure connection: {error.InnerException?.Message ?? error.Message} Is the certificate expired, or another cluster's?",
        _ => $"{Server} cannot be reached: {error.InnerException?.Message ?? error.Message}.",
    };

    private HttpRequestMessage Request(HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, new Uri(_client.BaseUri, path));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        return request;
    }

    private static JsonNode Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text) ?? new JsonObject();
        }
        catch (System.Text.Json.JsonException)
        {
            // A text answer, as the server's 404 for an unknown path is: it becomes the message.
            return new JsonObject { ["message"] = text.Trim() };
        }
    }
}
