using System.Text.Json.Nodes;
using Trunkline.Operations.Cluster;
using Trunkline.Operations.Doctor.Facts;
using Trunkline.Operations.Objects;
using Trunkline.Policy.Model;

namespace Trunkline.Operations.Doctor.View;

/// <summary>What a cluster's objects and the probes say, prepared for the checks: who selects whom, who runs where. Each part is made when it is first asked for.</summary>
internal sealed class ClusterView
{
    private static readonly ResourceKind[] s_workloads = [ResourceKinds.Deployment, ResourceKinds.DaemonSet, ResourceKinds.StatefulSet];
    private readonly Lazy<IReadOnlyList<ServiceView>> _services;
    private readonly Lazy<PolicyView> _policies;
    private readonly Lazy<PoolsView> _pools;
    private readonly Dictionary<(string Namespace, string Key, string Value), List<PodView>> _byLabel = [];
    private readonly ILookup<string, PodView> _byNamespace;
    private readonly Dictionary<string, PodView> _byAddress = new(StringComparer.Ordinal);

    public ClusterView(ClusterObjects objects, ProbeFacts facts)
    {
        (Objects, Facts) = (objects, facts);
        var pods = objects.Of(ResourceKinds.Pod).Select(pod => new PodView(pod, pod.Document["metadata"], pod.Spec, isTemplate: false)).ToList();
        var owners = pods.Select(pod => pod.Controller is { } owner ? (pod.Namespace, owner.Kind, owner.Name) : default).ToHashSet();
        Pods = [.. pods, .. Templates(owners)];
        _byNamespace = Pods.ToLookup(pod => pod.Namespace, StringComparer.Ordinal);
        foreach (var pod in Pods)
        {
            Index(pod);
        }

        _services = new(() => [.. Services_()]);
        _policies = new(() => new PolicyView(this));
        _pools = new(() => new PoolsView(this));
    }

    public ClusterObjects Objects { get; }

    public ProbeFacts Facts { get; }

    /// <summary>The Pods, and the templates of workloads of which no Pod was read (a folder of manifests has only those).</summary>
    public IReadOnlyList<PodView> Pods { get; }

    public IReadOnlyList<ServiceView> Services => _services.Value;

    public PolicyView Policies => _policies.Value;

    public PoolsView Pools => _pools.Value;

    /// <summary>The Pod that holds an address and is not over; null where none does.</summary>
    public PodView? PodAt(string address) => _byAddress.GetValueOrDefault(address);

    /// <summary>Pods that a Service's selector matches: all of its labels.</summary>
    public IReadOnlyList<PodView> Matching(string ns, IReadOnlyDictionary<string, string> selector) => selector.Count == 0 ? [] :
        [.. Candidates(ns, selector).Where(pod => !pod.IsOver && selector.All(pair => pod.Labels.TryGetValue(pair.Key, out var value) && value == pair.Value))];

    public IEnumerable<PodView> PodsIn(string ns) => _byNamespace[ns];

    /// <summary>Pods that a label selector of a policy matches.</summary>
    public IEnumerable<PodView> Matching(string ns, LabelSelector selector) => _byNamespace[ns].Where(pod => !pod.HostNetwork && !pod.IsOver && selector.Matches(pod.Labels));

    /// <summary>The object that is to be mended for a Pod: its workload, or the Pod itself.</summary>
    public ClusterObject Owner(PodView pod)
    {
        if (pod.IsTemplate || pod.Controller is not { } owner)
        {
            return pod.Source;
        }

        var kind = ResourceKinds.All.FirstOrDefault(known => known.Name == owner.Kind);
        if (kind is null || !Objects.TryFind(kind, pod.Namespace, owner.Name, out var found))
        {
            return pod.Source;
        }

        var above = found.Document["metadata"].Field("ownerReferences").Objects().FirstOrDefault(reference => reference["controller"].IsTrue());
        return kind == ResourceKinds.ReplicaSet && above?["name"].AsText() is { } name && Objects.TryFind(ResourceKinds.Deployment, pod.Namespace, name, out var deployment) ? deployment : found;
    }

    private IEnumerable<PodView> Templates(HashSet<(string Namespace, string Kind, string Name)> owners)
    {
        var replicaSets = Objects.Of(ResourceKinds.ReplicaSet).Where(set => owners.Contains((set.Namespace ?? "default", "ReplicaSet", set.Name)))
            .SelectMany(set => set.Document["metadata"].Field("ownerReferences").Objects().Select(owner => (set.Namespace ?? "default", owner["name"].AsText() ?? ""))).ToHashSet();
        var withPods = owners.Where(owner => owner.Kind == "ReplicaSet").ToList();
        foreach (var workload in s_workloads.SelectMany(Objects.Of))
        {
            var ns = workload.Namespace ?? "default";
            var has = owners.Contains((ns, workload.Kind.Name, workload.Name)) || replicaSets.Contains((ns, workload.Name))
                || (workload.Kind == ResourceKinds.Deployment && withPods.Exists(owner => owner.Namespace == ns && owner.Name.StartsWith($"{workload.Name}-", StringComparison.Ordinal)));
            if (!has && workload.Spec.Field("template") is JsonObject template)
            {
                yield return new PodView(workload, template["metadata"], template["spec"], isTemplate: true);
            }
        }
    }

    private void Index(PodView pod)
    {
        foreach (var (key, value) in pod.Labels)
        {
            if (!_byLabel.TryGetValue((pod.Namespace, key, value), out var list))
            {
                _byLabel[(pod.Namespace, key, value)] = list = [];
            }

            list.Add(pod);
        }

        if (!pod.IsOver && !pod.HostNetwork)
        {
            foreach (var address in pod.Addresses)
            {
                _byAddress[address] = pod;
            }
        }
    }

    // The Pods under the selector's rarest label: with thousands of Pods the others need not be looked at.
    private List<PodView> Candidates(string ns, IReadOnlyDictionary<string, string> selector)
    {
        List<PodView>? fewest = null;
        foreach (var (key, value) in selector)
        {
            if (!_byLabel.TryGetValue((ns, key, value), out var list))
            {
                return [];
            }

            fewest = fewest is null || list.Count < fewest.Count ? list : fewest;
        }

        return fewest ?? [];
    }

    private IEnumerable<ServiceView> Services_()
    {
        var slices = Objects.Of(ResourceKinds.EndpointSlice).ToLookup(slice => (slice.Namespace ?? "default", slice.Label("kubernetes.io/service-name") ?? ""));
        foreach (var service in Objects.Of(ResourceKinds.Service))
        {
            var ns = service.Namespace ?? "default";
            yield return new ServiceView(service, Matching(ns, PodView.Map(service.Spec.Field("selector"))), [.. slices[(ns, service.Name)]]);
        }
    }
}
