using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Trunkline.ApiServer.Errors;
using Trunkline.ApiServer.Http;
using Trunkline.ApiServer.Kinds;
using Trunkline.ApiServer.Registry;
using Trunkline.ApiServer.Storage;

namespace Trunkline.ApiServer.Watching;

/// <summary>Serves watches out of the log of changes.</summary>
internal sealed class Watcher(ObjectStore store, TimeProvider clock, CancellationToken stopping)
{
    // client-go expects a bookmark about once a minute.
    private static readonly TimeSpan BookmarkEvery = TimeSpan.FromSeconds(55);

    // Without timeoutSeconds a watch lasts 30 to 60 minutes (min-request-timeout).
    private static readonly TimeSpan LongestWatch = TimeSpan.FromMinutes(40);

    public async Task ServeAsync(HttpContext context, ResourceKind kind, string? inNamespace, ListQuery query, Representation representation)
    {
        var revision = query.Revision;
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        context.Response.ContentType = representation.Yaml ? "application/yaml;stream=watch" : "application/json";
        using var writer = new WatchWriter(context, kind, representation, clock);
        await context.Response.StartAsync(context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        using var timeout = new CancellationTokenSource(query.TimeoutSeconds is { } s ? TimeSpan.FromSeconds(s) : LongestWatch, clock);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, context.RequestAborted, stopping);
        try
        {
            var at = await StartAsync(writer, kind, inNamespace, query, revision, context.RequestAborted);
            at = at is { } from ? await FollowAsync(writer, kind, inNamespace, query, from, ended.Token, context.RequestAborted) : null;
            if (at is { } last && query.Bookmarks && !context.RequestAborted.IsCancellationRequested)
            {
                writer.Bookmark(last, false);
                await writer.FlushAsync(context.RequestAborted);
            }
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client went away: nobody is left to tell.
        }
    }

    // What the client is told before it follows the log; the revision from which it follows, or null where it is too old.
    private async Task<long?> StartAsync(WatchWriter writer, ResourceKind kind, string? inNamespace, ListQuery query, long? revision, CancellationToken aborted)
    {
        var initial = query.SendInitialEvents ?? (revision is null or 0);
        if (!initial)
        {
            return revision is null or 0 ? store.State.Revision : revision;
        }

        var state = store.State;
        foreach (var stored in state.List(kind.Storage, inNamespace).Where(query.Matches))
        {
            writer.Change("ADDED", stored);
        }

        if (query.SendInitialEvents == true && query.Bookmarks)
        {
            writer.Bookmark(state.Revision, true);
        }

        await writer.FlushAsync(aborted);
        return state.Revision;
    }

    private async Task<long?> FollowAsync(
        WatchWriter writer, ResourceKind kind, string? inNamespace, ListQuery query, long at, CancellationToken ended, CancellationToken aborted)
    {
        var told = clock.GetUtcNow();
        while (true)
        {
            if (store.Log.After(at) is not { } batch)
            {
                writer.Error(StatusErrors.Gone($"too old resource version: {at} ({store.Log.Oldest})"));
                await writer.FlushAsync(aborted);
                return null;
            }

            foreach (var change in batch.Changes)
            {
                if (change.State.Key.Resource == kind.Storage && (inNamespace is null || change.State.Key.Namespace == inNamespace))
                {
                    Send(writer, query, change);
                }
            }

            at = batch.Upto;
            if (query.Bookmarks && clock.GetUtcNow() - told > BookmarkEvery)
            {
                writer.Bookmark(at, false);
                told = clock.GetUtcNow();
            }

            await writer.FlushAsync(aborted);
            if (!await MoreAsync(batch.More, query.Bookmarks ? BookmarkEvery : Timeout.InfiniteTimeSpan, ended))
            {
                return at;
            }
        }
    }

    // Waits for changes or for the next bookmark; false when the watch is over.
    private async Task<bool> MoreAsync(Task more, TimeSpan wait, CancellationToken ended)
    {
        try
        {
            await more.WaitAsync(wait, clock, ended);
        }
        catch (TimeoutException)
        {
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }

        return !ended.IsCancellationRequested;
    }

    // An object that begins or ceases to match the selectors appears or disappears for this client.
    private static void Send(WatchWriter writer, ListQuery query, Change change)
    {
        var matched = change.Previous is not null && query.Matches(change.Previous);
        var matches = change.Type != ChangeType.Deleted && query.Matches(change.State);
        switch (matched, matches)
        {
            case (false, true):
                writer.Change("ADDED", change.State);
                break;
            case (true, true):
                writer.Change("MODIFIED", change.State);
                break;
            case (true, false):
                writer.Change("DELETED", change.State);
                break;
        }
    }
}
