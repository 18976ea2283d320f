using Trunkline.Operations.Cluster;
using Trunkline.Operations.Objects;
using Trunkline.Operations.Policies;
using Trunkline.Policy.Compiled;
using Trunkline.Policy.Model;

namespace Trunkline.Operations.Doctor.View;

/// <summary>The cluster's policies, as written and compiled, with the Pods to which they apply.</summary>
internal sealed class PolicyView
{
    private readonly ClusterView _view;
    private readonly Dictionary<(string Namespace, string Name), PolicyPod> _pods;
    private readonly Lazy<CompiledPolicies> _compiled;

    public PolicyView(ClusterView view)
    {
        _view = view;
        Cluster = PolicyClusters.Of(view.Objects);
        _pods = Cluster.Pods.ToDictionary(pod => (pod.Namespace, pod.Name));
        Policies = [.. view.Objects.Of(ResourceKinds.NetworkPolicy).Select(policy => (policy, Cluster.PoliciesIn(policy.Namespace ?? "").First(read => read.Name == policy.Name)))];
        _compiled = new(() => CompiledPolicies.Compile(Cluster));
    }

    public IReadOnlyList<(ClusterObject Source, NetworkPolicy Policy)> Policies { get; }

    public PolicyCluster Cluster { get; }

    public CompiledPolicies Compiled => _compiled.Value;

    public PolicyPod? Of(PodView pod) => pod.IsTemplate ? null : _pods.GetValueOrDefault((pod.Namespace, pod.Name));

    /// <summary>The Pods that a policy selects, templates among them.</summary>
    public IEnumerable<PodView> Selected(NetworkPolicy policy) => _view.Matching(policy.Namespace, policy.PodSelector);
}
