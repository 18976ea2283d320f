using Trunkline.Controllers.Client;
using Trunkline.Controllers.Informers;
using Trunkline.Controllers.Queues;

namespace Trunkline.Controllers.Dns;

/// <summary>Publishes the cluster's records whenever they are others than before.</summary>
internal sealed class RecordsReconciler(Cluster cluster, ClusterDnsOptions options) : IReconciler
{
    private static readonly ObjectKey _all = new("", "records");

    private IReadOnlyList<DnsZone> _published = [];

    public string Name => "dns-records";

    public int Workers => 1;

    public IReadOnlyList<IInformer> Needs => [cluster.Services, cluster.EndpointSlices, cluster.Pods];

    public void Subscribe(WorkQueue queue)
    {
        // All records are made anew each time: changes that come together are gathered, so that a thousand Services cost a few rounds and not a thousand.
        cluster.Services.Store.Changed += (_, _) => queue.AddAfter(_all, options.GatherDelay);
        cluster.EndpointSlices.Store.Changed += (_, _) => queue.AddAfter(_all, options.GatherDelay);
        cluster.Pods.Store.Changed += (old, now) =>
        {
            // Most changes of Pods are of their conditions, which no record shows.
            if (old?.Status?.PodIP != now?.Status?.PodIP || old?.IsFinished() != now?.IsFinished())
            {
                queue.AddAfter(_all, options.GatherDelay);
            }
        };
        queue.Add(_all);
    }

    public async Task<TimeSpan?> ReconcileAsync(ObjectKey key, CancellationToken token)
    {
        var zones = ServiceDiscovery.Zones(options, cluster.Services.Store.All, cluster.EndpointSlices.Store.All, cluster.Pods.Store.All);
        if (zones.Count != _published.Count || zones.Zip(_published).Any(pair => !pair.First.Same(pair.Second)))
        {
            await options.Sink.PublishAsync(zones, token).ConfigureAwait(false);
            _published = zones;
        }

        return null;
    }
}
