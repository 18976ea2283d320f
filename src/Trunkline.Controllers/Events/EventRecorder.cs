using System.Text.Json.Nodes;
using System.Threading.Channels;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Trunkline.Controllers.Client;

namespace Trunkline.Controllers.Events;

/// <summary>
/// Writes core/v1 Events beside the work: a reconciler never waits for one. The same event said again raises the count of the first,
/// as client-go's correlator does. Bounded: when the API is away, the oldest waiting ones are given up.
/// </summary>
internal sealed class EventRecorder(ClusterClient client, TimeProvider time, ILogger logger)
{
    private const int Remembered = 2048;

    private readonly Channel<Occurrence> _waiting =
        Channel.CreateBounded<Occurrence>(new BoundedChannelOptions(4096) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private readonly Dictionary<(string Uid, string Reason, string Message), (ObjectKey Key, int Count)> _known = [];

    public void Normal(IKubernetesObject<V1ObjectMeta> about, string component, string reason, string message) =>
        _waiting.Writer.TryWrite(new Occurrence(about.AsReference(), component, "Normal", reason, message, time.GetUtcNow()));

    public void Warning(IKubernetesObject<V1ObjectMeta> about, string component, string reason, string message) =>
        _waiting.Writer.TryWrite(new Occurrence(about.AsReference(), component, "Warning", reason, message, time.GetUtcNow()));

    public async Task RunAsync(CancellationToken token)
    {
        try
        {
            await foreach (var occurrence in _waiting.Reader.ReadAllAsync(token).ConfigureAwait(false))
            {
                await WriteAsync(occurrence, token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            // Asked to stop.
        }
    }

    private async Task WriteAsync(Occurrence o, CancellationToken token)
    {
        try
        {
            if (!await RaiseAsync(o, token).ConfigureAwait(false))
            {
                await CreateAsync(o, token).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is HttpOperationException or HttpRequestException or IOException or TaskCanceledException && !token.IsCancellationRequested)
        {
            // An event is an aid to people; a namespace that ends refuses it, and nothing depends on it.
            Log.EventLost(logger, o.Reason, o.About.Name, e.Message);
        }
    }

    private async Task<bool> RaiseAsync(Occurrence o, CancellationToken token)
    {
        if (!_known.TryGetValue(o.Identity, out var known))
        {
            return false;
        }

        try
        {
            var patch = new JsonObject { ["count"] = known.Count + 1, ["lastTimestamp"] = o.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'") };
            await client.PatchAsync<Corev1Event>(ResourceTypes.Events, known.Key, patch, token).ConfigureAwait(false);
            _known[o.Identity] = known with { Count = known.Count + 1 };
            return true;
        }
        catch (HttpOperationException e) when (ApiErrors.IsNotFound(e))
        {
            _known.Remove(o.Identity);
            return false;
        }
    }

    private async Task CreateAsync(Occurrence o, CancellationToken token)
    {
        // Events about cluster-scoped objects live in namespace default (client-go's recorder).
        var home = string.IsNullOrEmpty(o.About.NamespaceProperty) ? "default" : o.About.NamespaceProperty;
        var made = await client.CreateAsync(ResourceTypes.Events, o.ToEvent(home), token).ConfigureAwait(false);
        if (_known.Count >= Remembered)
        {
            _known.Clear();
        }

        _known[o.Identity] = (made.Key(), 1);
    }
}
