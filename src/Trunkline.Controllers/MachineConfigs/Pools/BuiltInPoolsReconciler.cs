using k8s;
using k8s.Models;
using Trunkline.Controllers.Client;
using Trunkline.Controllers.Informers;
using Trunkline.Controllers.Queues;

namespace Trunkline.Controllers.MachineConfigs.Pools;

/// <summary>Makes the two pools and their base configs where they are missing; the base configs come first, so that the first rendering has them.</summary>
internal sealed class BuiltInPoolsReconciler(Cluster cluster) : IReconciler
{
    private static readonly ObjectKey _all = new("", "built-in");

    public string Name => "machine-config-built-in";

    public int Workers => 1;

    public IReadOnlyList<IInformer> Needs => [cluster.MachineConfigs, cluster.MachineConfigPools];

    public void Subscribe(WorkQueue queue)
    {
        queue.Add(_all);
        cluster.MachineConfigs.Store.Changed += (_, now) => AddWhenGone(queue, now);
        cluster.MachineConfigPools.Store.Changed += (_, now) => AddWhenGone(queue, now);
    }

    public async Task<TimeSpan?> ReconcileAsync(ObjectKey key, CancellationToken token)
    {
        foreach (var role in BuiltInPools.Roles)
        {
            await EnsureAsync(cluster.MachineConfigs, BuiltInPools.BaseConfig(role), token).ConfigureAwait(false);
            await EnsureAsync(cluster.MachineConfigPools, BuiltInPools.Pool(role), token).ConfigureAwait(false);
        }

        return null;
    }

    private static void AddWhenGone(WorkQueue queue, object? now)
    {
        if (now is null)
        {
            queue.Add(_all);
        }
    }

    private async Task EnsureAsync<T>(Informer<T> of, T item, CancellationToken token)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        if (of.Store.Get("", item.Metadata.Name) is null)
        {
            await cluster.CreateAsync(of, item, token).ConfigureAwait(false);
        }
    }
}
