using k8s;
using k8s.Models;
using Trunkline.Controllers.Client;
using Trunkline.Controllers.Informers;
using Trunkline.Controllers.Queues;

namespace Trunkline.Controllers.Endpoints;

/// <summary>Keeps the EndpointSlices and Endpoints of every Service with a selector.</summary>
internal sealed class EndpointsReconciler(Cluster cluster) : IReconciler
{
    private readonly StoreIndex<V1Service> _servicesOf = cluster.Services.Store.IndexBy(s => ServiceLabels.Selects(s) ? Home(s) : null);
    private readonly StoreIndex<V1Pod> _podsOf = cluster.Pods.Store.IndexBy(p => Home(p));
    private readonly StoreIndex<V1EndpointSlice> _slicesOf = cluster.EndpointSlices.Store.IndexBy(s => IsOurs(s) ? ServiceOf(s) : null);

    public string Name => "endpoint-slices";

    public int Workers => 2;

    public IReadOnlyList<IInformer> Needs => [cluster.Services, cluster.Pods, cluster.EndpointSlices, cluster.Endpoints, cluster.Nodes];

    public void Subscribe(WorkQueue queue)
    {
        cluster.Services.Store.Changed += (old, now) => queue.Add((now ?? old)!.Key());
        cluster.Pods.Store.Changed += (old, now) => AddServicesOf(queue, old, now);
        cluster.Endpoints.Store.Changed += (old, now) => queue.Add((now ?? old)!.Key());
        cluster.EndpointSlices.Store.Changed += (old, now) =>
        {
            var slice = (now ?? old)!;
            if (IsOurs(slice))
            {
                queue.Add(ServiceOf(slice));
            }
        };
    }

    public async Task<TimeSpan?> ReconcileAsync(ObjectKey key, CancellationToken token)
    {
        if (!cluster.Services.Store.TryGet(key, out var service) || !ServiceLabels.Selects(service))
        {
            await CleanAsync(key, service, token).ConfigureAwait(false);
            return null;
        }

        if (service.IsDeleting())
        {
            return null;
        }

        var candidates = EndpointCandidate.Of(service, _podsOf.Of(Home(service)));
        var plan = EndpointSliceBuilder.Plan(
            service, candidates, SlicesOf(key), name => cluster.Nodes.Store.Get("", name), cluster.Options.MaxEndpointsPerSlice);
        await ApplyAsync(plan, token).ConfigureAwait(false);
        await MirrorAsync(service, candidates, token).ConfigureAwait(false);
        return null;
    }

    private static bool IsOurs(V1EndpointSlice slice) =>
        slice.Label(ServiceLabels.ManagedBy) == ServiceLabels.SliceController && slice.Label(ServiceLabels.ServiceName) is not null;

    private static ObjectKey ServiceOf(V1EndpointSlice slice) => new(slice.Metadata.NamespaceProperty, slice.Label(ServiceLabels.ServiceName)!);

    private static ObjectKey Home(IKubernetesObject<V1ObjectMeta> item) => new("", item.Metadata.NamespaceProperty);

    private void AddServicesOf(WorkQueue queue, V1Pod? old, V1Pod? now)
    {
        foreach (var service in _servicesOf.Of(Home((now ?? old)!)))
        {
            if (LabelSelection.Matches(service.Spec.Selector, now?.Metadata.Labels) || LabelSelection.Matches(service.Spec.Selector, old?.Metadata.Labels))
            {
                queue.Add(service.Key());
            }
        }
    }

    private List<V1EndpointSlice> SlicesOf(ObjectKey service) => [.. _slicesOf.Of(service).Where(s => !s.IsDeleting())];

    private async Task ApplyAsync(SlicePlan plan, CancellationToken token)
    {
        foreach (var slice in plan.Create)
        {
            await cluster.CreateAsync(cluster.EndpointSlices, slice, token).ConfigureAwait(false);
        }

        foreach (var slice in plan.Update)
        {
            await cluster.ReplaceAsync(cluster.EndpointSlices, slice, token).ConfigureAwait(false);
        }

        foreach (var slice in plan.Delete)
        {
            await cluster.DeleteAsync(cluster.EndpointSlices, slice, token).ConfigureAwait(false);
        }
    }

    private async Task MirrorAsync(V1Service service, IReadOnlyList<EndpointCandidate> candidates, CancellationToken token)
    {
        var want = EndpointsBuilder.Build(service, candidates);
        if (cluster.Endpoints.Store.Get(service.Key()) is not { } have)
        {
            await cluster.CreateAsync(cluster.Endpoints, want, token).ConfigureAwait(false);
            return;
        }

        if (!EndpointsBuilder.Same(have, want))
        {
            var copy = ClusterClient.Copy(have);
            copy.Metadata.Labels = want.Metadata.Labels;
            copy.Metadata.Annotations = want.Metadata.Annotations;
            copy.Subsets = want.Subsets;
            await cluster.ReplaceAsync(cluster.Endpoints, copy, token).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// The Service is gone or has no selector any more. Slices follow by their owner reference too; deleting them here saves a round.
    /// Endpoints have no owner: those of a Service without a selector are somebody else's and stay.
    /// </summary>
    private async Task CleanAsync(ObjectKey key, V1Service? service, CancellationToken token)
    {
        await ApplyAsync(new SlicePlan([], [], SlicesOf(key)), token).ConfigureAwait(false);
        if (service is null && cluster.Endpoints.Store.Get(key) is { } left && left.Annotation(ServiceLabels.ChangeTrigger) is not null)
        {
            await cluster.DeleteAsync(cluster.Endpoints, left, token).ConfigureAwait(false);
        }
    }
}
