using System.Net;
using System.Text.Json.Nodes;
using Trunkline.Operations.Cluster;

namespace Trunkline.Operations.Objects;

/// <summary>Reads the objects of a live cluster: each kind by lists of bounded pages, so that a large cluster's server is not asked for all at once.</summary>
public static class LiveObjects
{
    // kubectl's own page size.
    private const int PageSize = 500;

    /// <summary>Reads kinds, all namespaces or one.</summary>
    /// <param name="api">The cluster.</param>
    /// <param name="kinds">What is needed of it.</param>
    /// <param name="ns">The only namespace to read; null for all.</param>
    /// <param name="read">Told of each kind that has been read, with the number of its objects.</param>
    /// <param name="cancel">Stops the reading.</param>
    /// <exception cref="ClusterException">The server cannot be reached, or answered neither a list, nor that it has no such kind, nor that a right is missing.</exception>
    public static async Task<ClusterObjects> ReadAsync(ClusterApi api, IEnumerable<ResourceKind> kinds, string? ns, Action<ResourceKind, int>? read, CancellationToken cancel)
    {
        var objects = new List<ClusterObject>();
        var unread = new List<UnreadKind>();
        foreach (var kind in kinds)
        {
            var before = objects.Count;
            if (await ReadKindAsync(api, kind, ns, objects, cancel) is { } why)
            {
                unread.Add(why);
            }

            read?.Invoke(kind, objects.Count - before);
        }

        return new ClusterObjects(objects, unread, api.Server);
    }

    private static async Task<UnreadKind?> ReadKindAsync(ClusterApi api, ResourceKind kind, string? ns, List<ClusterObject> objects, CancellationToken cancel)
    {
        string? next = null;
        while (true)
        {
            var page = next is null ? "" : $"&continue={Uri.EscapeDataString(next)}";
            var answer = await api.GetAsync($"{kind.Collection(ns)}?limit={PageSize}{page}", cancel);
            switch (answer.StatusCode)
            {
                case HttpStatusCode.NotFound:
                    return null; // the cluster serves no such kind, so it has none
                case HttpStatusCode.Forbidden:
                    return new UnreadKind(kind, answer.Message, Forbidden: true);
                case HttpStatusCode.Gone when next is not null:
                    // The list changed for too long while it was read: the server's own advice is to begin anew.
                    objects.RemoveAll(item => item.Kind == kind);
                    next = null;
                    continue;
            }

            var list = answer.Expect($"reading {kind}");
            objects.AddRange(Items(kind, list));
            if (list["metadata"].Field("continue").AsText() is not { Length: > 0 } more)
            {
                return null;
            }

            next = more;
        }
    }

    private static IEnumerable<ClusterObject> Items(ResourceKind kind, JsonNode list) =>
        from item in list["items"].Objects()
        let metadata = item["metadata"]
        select new ClusterObject(kind, kind.Namespaced ? metadata.Field("namespace").AsText() : null, metadata.Field("name").AsText() ?? "", item);
}
