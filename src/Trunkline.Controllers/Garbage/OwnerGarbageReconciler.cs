using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Trunkline.Controllers.Client;
using Trunkline.Controllers.Informers;
using Trunkline.Controllers.Namespaces;
using Trunkline.Controllers.Queues;

namespace Trunkline.Controllers.Garbage;

/// <summary>
/// Deletes what belonged to something that is gone (background), holds an owner until its dependents are gone (foreground), or cuts the bond
/// (orphan). Collects the kinds that these controllers follow; their owners may be of any kind the server has.
/// </summary>
internal sealed class OwnerGarbageReconciler : IReconciler
{
    /// <summary>An owner of a kind nobody follows ends unseen: it is asked for again this often.</summary>
    private static readonly TimeSpan _askAgain = TimeSpan.FromSeconds(30);

    private readonly Cluster _cluster;
    private readonly ResourceDiscovery _discovery;
    private readonly Dictionary<string, CollectedKind> _kinds;

    public OwnerGarbageReconciler(Cluster cluster)
    {
        _cluster = cluster;
        _discovery = new ResourceDiscovery(cluster.Client);
        List<CollectedKind> kinds =
        [
            CollectedKind.Of(cluster, cluster.Pods), CollectedKind.Of(cluster, cluster.ReplicaSets), CollectedKind.Of(cluster, cluster.Deployments),
            CollectedKind.Of(cluster, cluster.DaemonSets), CollectedKind.Of(cluster, cluster.Services), CollectedKind.Of(cluster, cluster.EndpointSlices),
            CollectedKind.Of(cluster, cluster.Endpoints), CollectedKind.Of(cluster, cluster.ConfigMaps), CollectedKind.Of(cluster, cluster.ServiceAccounts),
            CollectedKind.Of(cluster, cluster.DisruptionBudgets), CollectedKind.Of(cluster, cluster.Leases), CollectedKind.Of(cluster, cluster.Nodes),
        ];
        _kinds = kinds.ToDictionary(k => k.Type.Kind);
    }

    public string Name => "garbage-collector";

    public int Workers => 2;

    public IReadOnlyList<IInformer> Needs => [.. _kinds.Values.Select(k => k.Informer)];

    public void Subscribe(WorkQueue queue)
    {
        foreach (var kind in _kinds.Values)
        {
            kind.OnChange((old, now) => Add(queue, kind, old, now));
        }
    }

    public async Task<TimeSpan?> ReconcileAsync(ObjectKey key, CancellationToken token)
    {
        var kind = _kinds[key.Kind];
        if (kind.Get(key) is not { } item)
        {
            return null;
        }

        if (item.IsDeleting())
        {
            await (item.HasFinalizer(OwnerRules.Orphan) ? OrphanAsync(kind, item, token)
                : item.HasFinalizer(OwnerRules.Foreground) ? ForegroundAsync(kind, item, token)
                : Task.CompletedTask).ConfigureAwait(false);
            return null;
        }

        return await CollectAsync(kind, item, token).ConfigureAwait(false);
    }

    /// <summary>New and deleted objects, changed owners and finalizers; not every heartbeat.</summary>
    private void Add(WorkQueue queue, CollectedKind kind, IKubernetesObject<V1ObjectMeta>? old, IKubernetesObject<V1ObjectMeta>? now)
    {
        if (now is not null && (now.Metadata.OwnerReferences is { Count: > 0 } || now.IsDeleting())
            && (old is null || old.IsDeleting() != now.IsDeleting() || References(old) != References(now)))
        {
            queue.Add(now.Key() with { Kind = kind.Type.Kind });
        }

        if (now is not null)
        {
            return;
        }

        foreach (var (dependentKind, dependent) in Dependents(old!))
        {
            queue.Add(dependent.Key() with { Kind = dependentKind.Type.Kind });
        }

        foreach (var owner in old!.Metadata.OwnerReferences ?? [])
        {
            // An owner that waits in the foreground may go now.
            if (_kinds.TryGetValue(owner.Kind, out var ownerKind))
            {
                queue.Add(new ObjectKey(ownerKind.Type.Namespaced ? old.Metadata.NamespaceProperty ?? "" : "", owner.Name, owner.Kind));
            }
        }
    }

    private static string References(IKubernetesObject<V1ObjectMeta> item) => string.Join(",", (item.Metadata.OwnerReferences ?? []).Select(o => o.Uid));

    private IEnumerable<(CollectedKind Kind, IKubernetesObject<V1ObjectMeta> Item)> Dependents(IKubernetesObject<V1ObjectMeta> owner) =>
        _kinds.Values.SelectMany(k => k.All().Where(i => OwnerRules.Owns(owner, i)).Select(i => (k, i)));

    private async Task<TimeSpan?> CollectAsync(CollectedKind kind, IKubernetesObject<V1ObjectMeta> item, CancellationToken token)
    {
        var owners = (item.Metadata.OwnerReferences ?? []).ToList();
        var gone = new List<V1OwnerReference>();
        foreach (var owner in owners)
        {
            if (!await ExistsAsync(item, owner, token).ConfigureAwait(false))
            {
                gone.Add(owner);
            }
        }

        switch (OwnerRules.Decide(owners, gone))
        {
            case OwnerDecision.Delete:
                await _cluster.Client.DeleteAsync(kind.Type, item.Key(), item.Metadata.Uid, token).ConfigureAwait(false);
                return null;
            case OwnerDecision.DropReferences:
                await SetOwnersAsync(kind, item, owners.Where(o => !gone.Contains(o)), token).ConfigureAwait(false);
                return null;
            default:
                return owners.Any(o => !_kinds.ContainsKey(o.Kind)) ? _askAgain : null;
        }
    }

    /// <summary>What the store does not have is asked from the server: a store may be behind, and a deletion can not be taken back.</summary>
    private async Task<bool> ExistsAsync(IKubernetesObject<V1ObjectMeta> dependent, V1OwnerReference owner, CancellationToken token)
    {
        var known = _kinds.GetValueOrDefault(owner.Kind);
        var type = known is not null && known.Type.ApiVersion == owner.ApiVersion
            ? known.Type
            : await _discovery.FindAsync(owner.ApiVersion, owner.Kind, token).ConfigureAwait(false);
        if (type is null)
        {
            // A kind the server does not have: nothing can be said about its objects, so nothing is deleted for them.
            return true;
        }

        var key = new ObjectKey(type.Namespaced ? dependent.Metadata.NamespaceProperty ?? "" : "", owner.Name);
        if (known?.Get(key)?.Metadata.Uid == owner.Uid)
        {
            return true;
        }

        try
        {
            return (await _cluster.Client.GetAsync<AnyObject>(type, key, token).ConfigureAwait(false)).Metadata.Uid == owner.Uid;
        }
        catch (Exception e) when (ApiErrors.IsNotFound(e))
        {
            return false;
        }
    }

    private async Task OrphanAsync(CollectedKind kind, IKubernetesObject<V1ObjectMeta> owner, CancellationToken token)
    {
        foreach (var (dependentKind, dependent) in Dependents(owner).ToList())
        {
            var kept = dependent.Metadata.OwnerReferences.Where(o => o.Uid != owner.Metadata.Uid);
            await SetOwnersAsync(dependentKind, dependent, kept, token).ConfigureAwait(false);
        }

        await DropFinalizerAsync(kind, owner, OwnerRules.Orphan, token).ConfigureAwait(false);
    }

    private async Task ForegroundAsync(CollectedKind kind, IKubernetesObject<V1ObjectMeta> owner, CancellationToken token)
    {
        var dependents = Dependents(owner).ToList();
        foreach (var (dependentKind, dependent) in dependents.Where(d => !d.Item.IsDeleting()))
        {
            await _cluster.Client.DeleteAsync(dependentKind.Type, dependent.Key(), dependent.Metadata.Uid, token, "Foreground").ConfigureAwait(false);
        }

        if (!dependents.Any(d => OwnerRules.Blocks(owner, d.Item)))
        {
            await DropFinalizerAsync(kind, owner, OwnerRules.Foreground, token).ConfigureAwait(false);
        }
    }

    private static Task DropFinalizerAsync(CollectedKind kind, IKubernetesObject<V1ObjectMeta> item, string finalizer, CancellationToken token)
    {
        var kept = item.Metadata.Finalizers.Where(f => f != finalizer).Select(f => (JsonNode)f);
        var patch = Guarded(item);
        patch["metadata"]!["finalizers"] = new JsonArray([.. kept]);
        return kind.PatchAsync(item.Key(), patch, token);
    }

    private static Task SetOwnersAsync(CollectedKind kind, IKubernetesObject<V1ObjectMeta> item, IEnumerable<V1OwnerReference> owners, CancellationToken token)
    {
        var patch = Guarded(item);
        patch["metadata"]!["ownerReferences"] = JsonNode.Parse(KubernetesJson.Serialize(owners.ToList()));
        return kind.PatchAsync(item.Key(), patch, token);
    }

    /// <summary>Lists are written whole: only onto the object as it was read.</summary>
    private static JsonObject Guarded(IKubernetesObject<V1ObjectMeta> item) => new()
    {
        ["metadata"] = new JsonObject { ["resourceVersion"] = item.Metadata.ResourceVersion, ["uid"] = item.Metadata.Uid },
    };
}
