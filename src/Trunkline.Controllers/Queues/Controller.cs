using k8s;
using k8s.Autorest;
using Microsoft.Extensions.Logging;
using Trunkline.Controllers.Client;

namespace Trunkline.Controllers.Queues;

/// <summary>A reconciler with its queue and workers.</summary>
internal sealed class Controller : IDisposable
{
    private readonly IReconciler _reconciler;
    private readonly WorkQueue _queue;
    private readonly ILogger _logger;

    public Controller(IReconciler reconciler, TimeProvider time, ILogger logger, TimeSpan maxBackoff)
    {
        _reconciler = reconciler;
        _logger = logger;
        _queue = new WorkQueue(time, new Backoff(TimeSpan.FromMilliseconds(5), maxBackoff));
        reconciler.Subscribe(_queue);
    }

    public async Task RunAsync(CancellationToken token)
    {
        try
        {
            await Task.WhenAll(_reconciler.Needs.Select(i => i.Synced)).WaitAsync(token).ConfigureAwait(false);
            await Task.WhenAll(Enumerable.Range(0, _reconciler.Workers).Select(_ => WorkAsync(token))).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            // Asked to stop.
        }
    }

    public void Dispose() => _queue.Dispose();

    private async Task WorkAsync(CancellationToken token)
    {
        while (true)
        {
            var key = await _queue.TakeAsync(token).ConfigureAwait(false);
            try
            {
                await ReconcileAsync(key, token).ConfigureAwait(false);
            }
            finally
            {
                _queue.Done(key);
            }
        }
    }

    private async Task ReconcileAsync(ObjectKey key, CancellationToken token)
    {
        try
        {
            var again = await _reconciler.ReconcileAsync(key, token).ConfigureAwait(false);
            _queue.Forget(key);
            if (again is { } delay)
            {
                _queue.AddAfter(key, delay);
            }
        }
        catch (Exception e) when (ApiErrors.IsConflict(e) || ApiErrors.IsNotFound(e))
        {
            // Somebody else wrote or deleted first; the change is on its way to the store.
            Log.Outrun(_logger, _reconciler.Name, key, e.Message);
            _queue.AddRateLimited(key);
        }
        catch (Exception e) when (!token.IsCancellationRequested && IsExpected(e))
        {
            Log.ReconcileFailed(_logger, _reconciler.Name, key, e.Message);
            _queue.AddRateLimited(key);
        }
        catch (Exception e) when (!token.IsCancellationRequested)
        {
            // A defect in one reconciliation must not end the control plane: say it with its stack, and try again later.
            Log.ReconcileBroke(_logger, e, _reconciler.Name, key);
            _queue.AddRateLimited(key);
        }
    }

    private static bool IsExpected(Exception e) =>
        e is HttpOperationException or KubernetesException or HttpRequestException or IOException or OperationCanceledException;
}
