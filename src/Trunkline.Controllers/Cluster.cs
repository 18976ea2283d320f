using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Trunkline.Controllers.Client;
using Trunkline.Controllers.Events;
using Trunkline.Controllers.Informers;
using Trunkline.Controllers.MachineConfigs.Models;

namespace Trunkline.Controllers;

/// <summary>The cluster as all reconcilers see it: one client, one informer a kind, one clock.</summary>
internal sealed class Cluster
{
    public Cluster(IKubernetes kubernetes, ControllerOptions options, TimeProvider time, ILogger logger)
    {
        Client = new ClusterClient(kubernetes);
        Options = options;
        Time = time;
        Logger = logger;
        Events = new EventRecorder(Client, time, logger);
        Nodes = Follow<V1Node>(ResourceTypes.Nodes);
        Leases = Follow<V1Lease>(ResourceTypes.Leases);
        Pods = Follow<V1Pod>(ResourceTypes.Pods);
        Namespaces = Follow<V1Namespace>(ResourceTypes.Namespaces);
        Services = Follow<V1Service>(ResourceTypes.Services);
        Endpoints = Follow<V1Endpoints>(ResourceTypes.Endpoints);
        EndpointSlices = Follow<V1EndpointSlice>(ResourceTypes.EndpointSlices);
        DisruptionBudgets = Follow<V1PodDisruptionBudget>(ResourceTypes.DisruptionBudgets);
        ReplicaSets = Follow<V1ReplicaSet>(ResourceTypes.ReplicaSets);
        Deployments = Follow<V1Deployment>(ResourceTypes.Deployments);
        DaemonSets = Follow<V1DaemonSet>(ResourceTypes.DaemonSets);
        ServiceAccounts = Follow<V1ServiceAccount>(ResourceTypes.ServiceAccounts);
        ConfigMaps = Follow<V1ConfigMap>(ResourceTypes.ConfigMaps);
        MachineConfigs = Follow<MachineConfig>(ResourceTypes.MachineConfigs, options.MachineConfigs);
        MachineConfigPools = Follow<MachineConfigPool>(ResourceTypes.MachineConfigPools, options.MachineConfigs);
    }

    public ClusterClient Client { get; }

    public ControllerOptions Options { get; }

    public TimeProvider Time { get; }

    public ILogger Logger { get; }

    public EventRecorder Events { get; }

    public List<IInformer> Informers { get; } = [];

    public Informer<V1Node> Nodes { get; }

    public Informer<V1Lease> Leases { get; }

    public Informer<V1Pod> Pods { get; }

    public Informer<V1Namespace> Namespaces { get; }

    public Informer<V1Service> Services { get; }

    public Informer<V1Endpoints> Endpoints { get; }

    public Informer<V1EndpointSlice> EndpointSlices { get; }

    public Informer<V1PodDisruptionBudget> DisruptionBudgets { get; }

    public Informer<V1ReplicaSet> ReplicaSets { get; }

    public Informer<V1Deployment> Deployments { get; }

    public Informer<V1DaemonSet> DaemonSets { get; }

    public Informer<V1ServiceAccount> ServiceAccounts { get; }

    public Informer<V1ConfigMap> ConfigMaps { get; }

    public Informer<MachineConfig> MachineConfigs { get; }

    public Informer<MachineConfigPool> MachineConfigPools { get; }

    /// <summary>Now, in whole seconds: metav1.Time has no more.</summary>
    public DateTime Now => DateTimeOffset.FromUnixTimeSeconds(Time.GetUtcNow().ToUnixTimeSeconds()).UtcDateTime;

    public async Task<T> CreateAsync<T>(Informer<T> of, T item, CancellationToken token)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        Known(of, await Client.CreateAsync(of.Type, item, token).ConfigureAwait(false));

    public async Task<T> ReplaceAsync<T>(Informer<T> of, T item, CancellationToken token)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        Known(of, await Client.ReplaceAsync(of.Type, item, token).ConfigureAwait(false));

    public async Task<T> ReplaceStatusAsync<T>(Informer<T> of, T item, CancellationToken token)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        Known(of, await Client.ReplaceStatusAsync(of.Type, item, token).ConfigureAwait(false));

    public async Task<T> PatchAsync<T>(Informer<T> of, ObjectKey key, System.Text.Json.Nodes.JsonObject patch, CancellationToken token)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        Known(of, await Client.PatchAsync<T>(of.Type, key, patch, token).ConfigureAwait(false));

    public Task DeleteAsync<T>(Informer<T> of, T item, CancellationToken token)
        where T : class, IKubernetesObject<V1ObjectMeta> => Client.DeleteAsync(of.Type, item.Key(), item.Metadata.Uid, token);

    private static T Known<T>(Informer<T> of, T item)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        of.Store.ApplyWrite(item);
        return item;
    }

    private Informer<T> Follow<T>(ResourceType type, bool run = true)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var informer = new Informer<T>(Client, type, Time, Logger, Options.MaxBackoff);
        if (run)
        {
            Informers.Add(informer);
        }

        return informer;
    }
}
