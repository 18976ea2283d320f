using System.Text.Json;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Trunkline.Controllers.Client;
using Trunkline.Controllers.Informers;
using Trunkline.Controllers.Queues;

namespace Trunkline.Controllers.Namespaces;

/// <summary>Empties a namespace that was deleted, whatever kinds the server has, and then lets it go by removing its finalizer.</summary>
internal sealed class NamespaceTerminationReconciler(Cluster cluster) : IReconciler
{
    private const string Finalizer = "kubernetes";

    private static readonly TimeSpan _lookAgain = TimeSpan.FromSeconds(1);

    private readonly ResourceDiscovery _discovery = new(cluster.Client);

    public string Name => "namespace";

    public int Workers => 2;

    public IReadOnlyList<IInformer> Needs => [cluster.Namespaces, cluster.Pods];

    public void Subscribe(WorkQueue queue)
    {
        cluster.Namespaces.Store.Changed += (_, now) =>
        {
            if (now?.IsDeleting() == true)
            {
                queue.Add(now.Key());
            }
        };
        // Pods take longest to go: the namespace follows its last one at once.
        cluster.Pods.Store.Changed += (old, now) =>
        {
            var home = new ObjectKey("", (now ?? old)!.Metadata.NamespaceProperty);
            if (now is null && cluster.Namespaces.Store.Get(home)?.IsDeleting() == true)
            {
                queue.Add(home);
            }
        };
    }

    public async Task<TimeSpan?> ReconcileAsync(ObjectKey key, CancellationToken token)
    {
        if (!cluster.Namespaces.Store.TryGet(key, out var home) || !home.IsDeleting() || home.Spec?.Finalizers?.Contains(Finalizer) != true)
        {
            return null;
        }

        var remaining = new List<(string Resource, int Count)>();
        var finalizers = new Dictionary<string, int>();
        var failures = new List<string>();
        foreach (var resource in await _discovery.NamespacedAsync(token).ConfigureAwait(false))
        {
            var left = await EmptyAsync(resource, key.Name, failures, token).ConfigureAwait(false);
            remaining.Add((Describe(resource.Type), left.Count));
            foreach (var finalizer in left.SelectMany(o => o.Metadata.Finalizers ?? []))
            {
                finalizers[finalizer] = finalizers.GetValueOrDefault(finalizer) + 1;
            }
        }

        if (failures.Count == 0 && remaining.All(r => r.Count == 0))
        {
            await FinalizeAsync(home, token).ConfigureAwait(false);
            return null;
        }

        await ReportAsync(home, NamespaceStatusReport.Conditions(remaining, finalizers.Select(f => (f.Key, f.Value)), failures, cluster.Now), token)
            .ConfigureAwait(false);
        return _lookAgain;
    }

    private static string Describe(ResourceType type) => type.Group.Length == 0 ? $"{type.Plural}." : $"{type.Plural}.{type.Group}";

    private async Task<IList<AnyObject>> EmptyAsync(NamespacedResource resource, string home, List<string> failures, CancellationToken token)
    {
        try
        {
            var items = (await cluster.Client.ListAsync<AnyObject>(resource.Type, home, token).ConfigureAwait(false)).Items;
            if (!items.Any(i => !i.IsDeleting()))
            {
                return items;
            }

            await DeleteAllAsync(resource, home, items, token).ConfigureAwait(false);
            return (await cluster.Client.ListAsync<AnyObject>(resource.Type, home, token).ConfigureAwait(false)).Items;
        }
        catch (Exception e) when (ApiErrors.IsNotFound(e) || ApiErrors.IsMethodNotAllowed(e))
        {
            // Discovery lists it, the server does not hold objects of it (or no longer does).
            return [];
        }
        catch (HttpOperationException e)
        {
            failures.Add($"unexpected items still remain of {Describe(resource.Type)} in {home}: {e.Message}");
            return [];
        }
    }

    private async Task DeleteAllAsync(NamespacedResource resource, string home, IList<AnyObject> items, CancellationToken token)
    {
        var type = resource.Type;
        if (resource.DeletesCollections)
        {
            var options = new V1DeleteOptions { ApiVersion = "v1", Kind = "DeleteOptions", PropagationPolicy = "Background" };
            await cluster.Client.Kubernetes.CustomObjects.DeleteCollectionNamespacedCustomObjectAsync<JsonElement>(
                type.Group, type.Version, home, type.Plural, options, cancellationToken: token).ConfigureAwait(false);
            return;
        }

        foreach (var item in items.Where(i => !i.IsDeleting()))
        {
            await cluster.Client.DeleteAsync(type, new ObjectKey(home, item.Metadata.Name), item.Metadata.Uid, token).ConfigureAwait(false);
        }
    }

    private async Task FinalizeAsync(V1Namespace home, CancellationToken token)
    {
        var copy = ClusterClient.Copy(home);
        copy.Spec.Finalizers = [.. copy.Spec.Finalizers.Where(f => f != Finalizer)];
        using var answer = await cluster.Client.Kubernetes.CoreV1.ReplaceNamespaceFinalizeWithHttpMessagesAsync(
            copy, home.Metadata.Name, cancellationToken: token).ConfigureAwait(false);
    }

    private async Task ReportAsync(V1Namespace home, List<V1NamespaceCondition> conditions, CancellationToken token)
    {
        var before = home.Status?.Conditions ?? [];
        if (before.Count == conditions.Count && before.Zip(conditions).All(p => p.First.Status == p.Second.Status && p.First.Message == p.Second.Message))
        {
            return;
        }

        var copy = ClusterClient.Copy(home);
        copy.Status ??= new V1NamespaceStatus();
        copy.Status.Phase = "Terminating";
        copy.Status.Conditions = conditions;
        await cluster.ReplaceStatusAsync(cluster.Namespaces, copy, token).ConfigureAwait(false);
    }
}
