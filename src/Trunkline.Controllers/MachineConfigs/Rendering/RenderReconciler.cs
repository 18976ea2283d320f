using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Trunkline.Controllers.Client;
using Trunkline.Controllers.Informers;
using Trunkline.Controllers.MachineConfigs.Models;
using Trunkline.Controllers.MachineConfigs.Pools;
using Trunkline.Controllers.Queues;

namespace Trunkline.Controllers.MachineConfigs.Rendering;

/// <summary>
/// Renders a pool's MachineConfigs, some time after they changed (<see cref="ControllerOptions.RenderDelay"/>): until then the new MachineConfig
/// exists while pool and nodes look finished, which is why waiting for Ready nodes proves nothing.
/// </summary>
internal sealed class RenderReconciler(Cluster cluster) : IReconciler
{
    private const string Component = "machineconfigcontroller-rendercontroller";

    public static string Version { get; } = typeof(RenderReconciler).Assembly.GetName().Version!.ToString(3);

    public string Name => "machine-config-render";

    public int Workers => 1;

    public IReadOnlyList<IInformer> Needs => [cluster.MachineConfigs, cluster.MachineConfigPools];

    public void Subscribe(WorkQueue queue)
    {
        cluster.MachineConfigs.Store.Changed += (old, now) =>
        {
            foreach (var pool in cluster.MachineConfigPools.Store.All.Where(p => Selects(p, now) || Selects(p, old)))
            {
                Add(queue, pool);
            }
        };
        cluster.MachineConfigPools.Store.Changed += (old, now) =>
        {
            if (now is not null && (old is null || Spec(old) != Spec(now)))
            {
                Add(queue, now);
            }
        };
    }

    public async Task<TimeSpan?> ReconcileAsync(ObjectKey key, CancellationToken token)
    {
        if (!cluster.MachineConfigPools.Store.TryGet(key, out var pool) || pool.IsDeleting())
        {
            return null;
        }

        var configs = MachineConfigRenderer.Order(cluster.MachineConfigs.Store.All.Where(c => Selects(pool, c) && !c.IsDeleting()));
        try
        {
            if (configs.Count == 0)
            {
                throw new IgnitionException($"no MachineConfigs found matching selector {Describe(pool.Spec.MachineConfigSelector)}");
            }

            var rendered = MachineConfigRenderer.Render(pool, configs, Version);
            pool = await PublishAsync(pool, rendered, configs, token).ConfigureAwait(false);
            await SetDegradedAsync(pool, null, token).ConfigureAwait(false);
        }
        catch (IgnitionException e)
        {
            await SetDegradedAsync(pool, e.Message, token).ConfigureAwait(false);
        }

        return null;
    }

    private static bool Selects(MachineConfigPool pool, MachineConfig? config) =>
        config is not null && LabelSelection.Matches(pool.Spec.MachineConfigSelector, config.Metadata.Labels);

    private static string Spec(MachineConfigPool pool) => KubernetesJson.Serialize(pool.Spec);

    private static string Describe(V1LabelSelector? selector) =>
        string.Join(",", (selector?.MatchLabels ?? new Dictionary<string, string>()).Select(p => $"{p.Key}={p.Value}"));

    /// <summary>A pool that was never rendered has nodes waiting to join: that one does not wait.</summary>
    private void Add(WorkQueue queue, MachineConfigPool pool)
    {
        var first = string.IsNullOrEmpty(pool.Spec.Configuration?.Name);
        queue.AddAfter(pool.Key(), first ? TimeSpan.Zero : cluster.Options.RenderDelay);
    }

    private async Task<MachineConfigPool> PublishAsync(
        MachineConfigPool pool, MachineConfig rendered, IReadOnlyList<MachineConfig> sources, CancellationToken token)
    {
        if (cluster.MachineConfigs.Store.Get("", rendered.Metadata.Name) is null)
        {
            await CreateAsync(pool, rendered, token).ConfigureAwait(false);
        }

        var configuration = new PoolConfiguration
        {
            ApiVersion = rendered.ApiVersion,
            Kind = rendered.Kind,
            Name = rendered.Metadata.Name,
            Source = [.. sources.Select(s => new V1ObjectReference { ApiVersion = rendered.ApiVersion, Kind = rendered.Kind, Name = s.Metadata.Name })],
        };
        if (configuration.Same(pool.Spec.Configuration))
        {
            return pool;
        }

        var patch = new JsonObject { ["spec"] = new JsonObject { ["configuration"] = JsonNode.Parse(KubernetesJson.Serialize(configuration)) } };
        Log.Pool(cluster.Logger, pool.Metadata.Name, $"rendered {rendered.Metadata.Name}");
        return await cluster.PatchAsync(cluster.MachineConfigPools, pool.Key(), patch, token).ConfigureAwait(false);
    }

    private async Task CreateAsync(MachineConfigPool pool, MachineConfig rendered, CancellationToken token)
    {
        try
        {
            await cluster.CreateAsync(cluster.MachineConfigs, rendered, token).ConfigureAwait(false);
            cluster.Events.Normal(pool, Component, "RenderedConfigGenerated",
                $"{rendered.Metadata.Name} successfully generated (release version: {Version}, controller version: {Version})");
        }
        catch (Exception e) when (ApiErrors.IsConflict(e))
        {
            // Rendered before with this very content, which is what its name says.
            Log.Outrun(cluster.Logger, Name, rendered.Key(), e.Message);
        }
    }

    private async Task SetDegradedAsync(MachineConfigPool pool, string? why, CancellationToken token)
    {
        var message = why is null ? "" : $"Failed to render configuration for pool {pool.Metadata.Name}: {why}";
        var copy = ClusterClient.Copy(pool);
        copy.Status ??= new MachineConfigPoolStatus();
        var changed = PoolConditions.Set(copy.Status.Conditions, "RenderDegraded", why is not null, "", message, cluster.Now);
        changed |= PoolConditions.Summarize(copy.Status.Conditions, cluster.Now);
        if (changed)
        {
            await cluster.ReplaceStatusAsync(cluster.MachineConfigPools, copy, token).ConfigureAwait(false);
        }
    }
}
