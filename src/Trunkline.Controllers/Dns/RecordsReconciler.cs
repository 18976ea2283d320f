using Trunkline.Controllers.Client;
using Trunkline.Controllers.Informers;
using Trunkline.Controllers.Queues;

namespace Trunkline.Controllers.Dns;

/// <summary>
/// Publishes the cluster's records whenever they are others than before. All of them are made anew each time, so changes that come together are gathered: for a moment in a
/// small cluster, and in a large one for twenty times what making them took last.
/// </summary>
internal sealed class RecordsReconciler(Cluster cluster, ClusterDnsOptions options) : IReconciler
{
    private static readonly ObjectKey _all = new("", "records");

    private const int PauseFactor = 20;

    private IReadOnlyList<DnsZone> _published = [];
    private TimeSpan _lastMaking;

    public string Name => "dns-records";

    public int Workers => 1;

    public IReadOnlyList<IInformer> Needs => [cluster.Services, cluster.EndpointSlices, cluster.Pods];

    public void Subscribe(WorkQueue queue)
    {
        cluster.Services.Store.Changed += (_, _) => queue.AddAfter(_all, Pause);
        cluster.EndpointSlices.Store.Changed += (_, _) => queue.AddAfter(_all, Pause);
        cluster.Pods.Store.Changed += (old, now) =>
        {
            // Most changes of Pods are of their conditions, which no record shows.
            if (old?.Status?.PodIP != now?.Status?.PodIP || old?.IsFinished() != now?.IsFinished())
            {
                queue.AddAfter(_all, Pause);
            }
        };
        queue.Add(_all);
    }

    private TimeSpan Pause => TimeSpan.FromTicks(Math.Max(options.GatherDelay.Ticks, _lastMaking.Ticks * PauseFactor));

    public async Task<TimeSpan?> ReconcileAsync(ObjectKey key, CancellationToken token)
    {
        var began = cluster.Time.GetTimestamp();
        var zones = ServiceDiscovery.Zones(options, cluster.Services.Store.All, cluster.EndpointSlices.Store.All, cluster.Pods.Store.All);
        _lastMaking = cluster.Time.GetElapsedTime(began);
        if (zones.Count != _published.Count || zones.Zip(_published).Any(pair => !pair.First.Same(pair.Second)))
        {
            await PublishAsync(zones, token).ConfigureAwait(false);
            _published = zones;
        }

        return null;
    }

    // A server that does not take its zone goes on with the old one, and nobody would know why new names are not found.
    private async Task PublishAsync(IReadOnlyList<DnsZone> zones, CancellationToken token)
    {
        try
        {
            await options.Sink.PublishAsync(zones, token).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            if (cluster.Services.Store.Get(new ObjectKey(options.ServiceNamespace, options.ServiceName)) is { } service)
            {
                cluster.Events.Warning(service, "dns", "RecordsNotPublished", e.Message);
            }

            throw; // told and tried again by the queue
        }
    }
}
