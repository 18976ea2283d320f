using System.Runtime.ExceptionServices;
using k8s.Models;
using Trunkline.Controllers.Client;
using Trunkline.Controllers.Informers;
using Trunkline.Controllers.Queues;

namespace Trunkline.Controllers.LoadBalancers;

/// <summary>
/// Writes addresses into the status of Services of type LoadBalancer; the nodes answer for them. What a Service no longer needs is free at once. One worker, one key: two
/// Services can not get one address. Events have the words of Kubernetes' service controller.
/// </summary>
internal sealed class LoadBalancerReconciler(Cluster cluster) : IReconciler
{
    private const string Component = "service-controller";
    private static readonly ObjectKey _all = new("", "load-balancers");

    private readonly BalancerPlan _plan = new([.. cluster.Options.LoadBalancerPools.Select(p => new AddressPool(p))]);

    // What was said last about a Service, so that the same is not said at each look.
    private readonly Dictionary<string, string> _said = new(StringComparer.Ordinal);

    public string Name => "load-balancers";

    public int Workers => 1;

    public IReadOnlyList<IInformer> Needs => [cluster.Services];

    public void Subscribe(WorkQueue queue) => cluster.Services.Store.Changed += (old, now) =>
    {
        if (Concerns(old) || Concerns(now))
        {
            queue.Add(_all);
        }
    };

    public async Task<TimeSpan?> ReconcileAsync(ObjectKey key, CancellationToken token)
    {
        var failures = new List<Exception>();
        foreach (var service in cluster.Services.Store.All.Where(BalancerPlan.IsOver))
        {
            await TryAsync(() => ReleaseAsync(service, token), failures).ConfigureAwait(false);
        }

        // Who moves away goes first: nobody gets an address while another shows it.
        var decisions = _plan.Decide(cluster.Services.Store.All);
        foreach (var decision in decisions.OrderByDescending(d => BalancerPlan.Given(d.Service).Any()))
        {
            if (!IsShownByAnother(decision))
            {
                await TryAsync(() => ApplyAsync(decision, token), failures).ConfigureAwait(false);
            }
        }

        var known = decisions.Select(d => d.Service.Metadata.Uid).ToHashSet(StringComparer.Ordinal);
        foreach (var gone in _said.Keys.Where(uid => !known.Contains(uid)).ToList())
        {
            _said.Remove(gone);
        }

        // One that cannot be written holds up none of the others; the queue tries again.
        return failures.Count switch { 0 => null, 1 => Rethrow(failures[0]), _ => throw new AggregateException(failures) };
    }

    private static TimeSpan? Rethrow(Exception failure)
    {
        ExceptionDispatchInfo.Throw(failure);
        return null;
    }

    private static async Task TryAsync(Func<Task> write, List<Exception> failures)
    {
        try
        {
            await write().ConfigureAwait(false);
        }
#pragma warning disable CA1031 // kept, and thrown together at the end
        catch (Exception failure) when (failure is not OperationCanceledException)
#pragma warning restore CA1031
        {
            failures.Add(failure);
        }
    }

    private bool IsShownByAnother(BalancerDecision decision) =>
        cluster.Services.Store.All.Any(s => s.Metadata.Uid != decision.Service.Metadata.Uid && BalancerPlan.Given(s).Any(decision.Addresses.Contains));

    private async Task ReleaseAsync(V1Service service, CancellationToken token)
    {
        await WriteAsync(service, [], token).ConfigureAwait(false);
        cluster.Events.Normal(service, Component, "DeletedLoadBalancer", "Deleted load balancer");
    }

    private static bool Concerns(V1Service? service) => service is not null && (service.Spec.Type == "LoadBalancer" || HasIngress(service));

    private static bool HasIngress(V1Service service) => service.Status?.LoadBalancer?.Ingress is { Count: > 0 };

    private async Task ApplyAsync(BalancerDecision decision, CancellationToken token)
    {
        var service = decision.Service;
        var changes = !BalancerPlan.Given(service).SequenceEqual(decision.Addresses);
        if (changes)
        {
            await WriteAsync(service, [.. decision.Addresses.Select(a => a.ToString())], token).ConfigureAwait(false);
        }

        if (decision.Problem is { } problem)
        {
            if (_said.GetValueOrDefault(service.Metadata.Uid) != problem)
            {
                cluster.Events.Warning(service, Component, "SyncLoadBalancerFailed", $"Error syncing load balancer: failed to ensure load balancer: {problem}");
            }

            _said[service.Metadata.Uid] = problem;
        }
        else
        {
            _said.Remove(service.Metadata.Uid);
            if (changes)
            {
                cluster.Events.Normal(service, Component, "EnsuredLoadBalancer", "Ensured load balancer");
            }
        }
    }

    private async Task WriteAsync(V1Service service, IReadOnlyList<string> addresses, CancellationToken token)
    {
        var copy = ClusterClient.Copy(service);
        copy.Status ??= new V1ServiceStatus();
        copy.Status.LoadBalancer = new V1LoadBalancerStatus
        {
            Ingress = addresses.Count > 0 ? [.. addresses.Select(ip => new V1LoadBalancerIngress { Ip = ip, IpMode = "VIP" })] : null,
        };
        await cluster.ReplaceStatusAsync(cluster.Services, copy, token).ConfigureAwait(false);
    }
}
