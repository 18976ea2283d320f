using System.Text.Json;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Trunkline.Controllers.Client;
using Trunkline.Controllers.Queues;

namespace Trunkline.Controllers.Informers;

/// <summary>
/// Lists a kind once, then follows it: a watch that ends is resumed where it stopped (bookmarks move that place on), one that is
/// too old (410 Gone) starts again with a list, and errors are waited out with a growing pause.
/// </summary>
internal sealed class Informer<T>(ClusterClient client, ResourceType type, TimeProvider time, ILogger logger, TimeSpan maxBackoff) : IInformer
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    // Far below any proxy's idle limit, and each informer's own so that they do not all resume in one moment.
    private const int WatchSeconds = 280;

    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Backoff _backoff = new(TimeSpan.FromMilliseconds(50), maxBackoff);
    private string? _revision;

    public ResourceType Type => type;

    public Store<T> Store { get; } = new();

    public Task Synced => _synced.Task;

    public async Task RunAsync(CancellationToken token)
    {
        while (!token.IsCancellationRequested)
        {
            var began = time.GetTimestamp();
            try
            {
                if (_revision is null)
                {
                    await ListAsync(token).ConfigureAwait(false);
                }

                await WatchAsync(token).ConfigureAwait(false);
                _backoff.Reset();
            }
            catch (OperationCanceledException) when (token.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                Lost(e, time.GetElapsedTime(began));
                await PauseAsync(token).ConfigureAwait(false);
            }
        }
    }

    private void Lost(Exception e, TimeSpan lasted)
    {
        if (lasted > maxBackoff)
        {
            // It worked for long. Also: the client reads a watch that ended without any event as broken JSON.
            _backoff.Reset();
        }

        if (IsTransient(e))
        {
            Log.WatchLost(logger, type.Plural, e.Message);
        }
        else
        {
            // A defect in who listens: what it missed comes again with the list.
            Log.InformerBroke(logger, e, type.Plural);
        }

        if (IsGone(e) || !IsTransient(e))
        {
            _revision = null;
        }
    }

    private static bool IsTransient(Exception e) =>
        e is HttpOperationException or KubernetesException or HttpRequestException or IOException or JsonException or OperationCanceledException;

    private static bool IsGone(Exception e) =>
        e is KubernetesException { Status.Code: 410 } or HttpOperationException { Response.StatusCode: System.Net.HttpStatusCode.Gone };

    private async Task PauseAsync(CancellationToken token)
    {
        try
        {
            await Task.Delay(_backoff.Next(), time, token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            // The loop's own condition ends it.
        }
    }

    private async Task ListAsync(CancellationToken token)
    {
        var list = await client.ListAsync<T>(type, null, token).ConfigureAwait(false);
        Store.Replace([.. list.Items.Select(type.Stamp)], ObjectExtensions.ParseRevision(list.Metadata?.ResourceVersion));
        _revision = list.Metadata?.ResourceVersion;
        _synced.TrySetResult();
    }

    private async Task WatchAsync(CancellationToken token)
    {
        var response = client.Kubernetes.CustomObjects.ListClusterCustomObjectWithHttpMessagesAsync<KubernetesList<T>>(
            type.Group, type.Version, type.Plural, allowWatchBookmarks: true, resourceVersion: _revision, timeoutSeconds: WatchSeconds, watch: true,
            cancellationToken: token);
        var failure = default(Exception);
#pragma warning disable CS0618 // The suggested WatchList… methods give JsonElements of custom objects, parsed a second time for each event.
        await foreach (var (kind, item) in response.WatchAsync<T, KubernetesList<T>>(e => failure = e, token).ConfigureAwait(false))
#pragma warning restore CS0618
        {
            Take(kind, item);
            _backoff.Reset();
            if (failure is not null)
            {
                break;
            }
        }

        if (failure is not null)
        {
            throw failure is KubernetesException ? failure : new IOException($"watch of {type.Plural}: {failure.Message}", failure);
        }
    }

    private void Take(WatchEventType kind, T item)
    {
        switch (kind)
        {
            case WatchEventType.Added or WatchEventType.Modified:
                Store.ApplyWatch(type.Stamp(item));
                break;
            case WatchEventType.Deleted:
                Store.Remove(type.Stamp(item));
                break;
        }

        _revision = item.Metadata?.ResourceVersion ?? _revision;
    }
}
