using k8s;
using Microsoft.Extensions.Logging;
using Trunkline.Controllers.Disruption;
using Trunkline.Controllers.Dns;
using Trunkline.Controllers.Endpoints;
using Trunkline.Controllers.Garbage;
using Trunkline.Controllers.LoadBalancers;
using Trunkline.Controllers.MachineConfigs.Draining;
using Trunkline.Controllers.MachineConfigs.Pools;
using Trunkline.Controllers.MachineConfigs.Rendering;
using Trunkline.Controllers.Namespaces;
using Trunkline.Controllers.Nodes;
using Trunkline.Controllers.Queues;
using Trunkline.Controllers.Scheduling;
using Trunkline.Controllers.Workloads;

namespace Trunkline.Controllers;

/// <summary>
/// All controllers of a cluster in one process, through its API only. Each begins when the kinds it reads are listed; a kind that the server does
/// not have keeps only its own controllers waiting.
/// </summary>
public sealed class ControllerHost(IKubernetes client, ControllerOptions options, TimeProvider time, ILogger<ControllerHost> logger)
{
    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var cluster = new Cluster(client, options, time, logger);
        var controllers = Reconcilers(cluster).Select(r => new Controller(r, time, logger, options.MaxBackoff)).ToList();
        try
        {
            Log.Running(logger, client.BaseUri);
            var running = new List<Task>();
            running.AddRange(cluster.Informers.Select(i => i.RunAsync(stop.Token)));
            running.AddRange(controllers.Select(c => c.RunAsync(stop.Token)));
            running.Add(cluster.Events.RunAsync(stop.Token));
            // One that ends before it is told to has broken: the others must not go on half blind, and the caller hears why.
            var first = await Task.WhenAny(running).ConfigureAwait(false);
            await stop.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(running).ConfigureAwait(false);
            await first.ConfigureAwait(false);
        }
        finally
        {
            controllers.ForEach(c => c.Dispose());
        }
    }

    private IEnumerable<IReconciler> Reconcilers(Cluster cluster)
    {
        yield return new NodeIpamReconciler(cluster);
        yield return new NodeLifecycleReconciler(cluster);
        yield return new TaintEvictionReconciler(cluster);
        if (options.Scheduling)
        {
            yield return new SchedulerReconciler(cluster);
        }

        yield return new NamespaceContentsReconciler(cluster);
        yield return new NamespaceTerminationReconciler(cluster);
        yield return new EndpointsReconciler(cluster);
        if (options.LoadBalancerPools.Count > 0)
        {
            yield return new LoadBalancerReconciler(cluster);
        }

        yield return new DisruptionReconciler(cluster);
        yield return new PodGarbageReconciler(cluster);
        yield return new OwnerGarbageReconciler(cluster);
        yield return new ReplicaSetReconciler(cluster);
        yield return new DeploymentReconciler(cluster);
        yield return new DaemonSetReconciler(cluster);
        if (options.Dns is { } dns)
        {
            yield return new DnsServiceReconciler(cluster, dns);
            yield return new RecordsReconciler(cluster, dns);
        }

        if (options.MachineConfigs)
        {
            yield return new BuiltInPoolsReconciler(cluster);
            yield return new RenderReconciler(cluster);
            yield return new PoolReconciler(cluster);
            yield return new DrainReconciler(cluster);
        }
    }
}
