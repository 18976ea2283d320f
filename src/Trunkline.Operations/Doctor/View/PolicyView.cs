using System.Net;
using System.Text.Json;
using Trunkline.Operations.Cluster;
using Trunkline.Operations.Objects;
using Trunkline.Policy.Compiled;
using Trunkline.Policy.Model;
using Trunkline.Policy.Reading;

namespace Trunkline.Operations.Doctor.View;

/// <summary>The cluster's policies, as written and compiled, with the Pods to which they apply.</summary>
internal sealed class PolicyView
{
    private readonly ClusterView _view;
    private readonly Dictionary<PodView, PolicyPod> _pods = [];
    private readonly Lazy<CompiledPolicies> _compiled;

    public PolicyView(ClusterView view)
    {
        _view = view;
        foreach (var pod in view.Pods.Where(pod => !pod.IsTemplate))
        {
            _pods.Add(pod, Pod(pod));
        }

        Policies = [.. view.Objects.Of(ResourceKinds.NetworkPolicy).Select(policy => (policy, NetworkPolicyReader.Read(policy.Namespace ?? "default", policy.Name, Element(policy.Spec))))];
        Cluster = new PolicyCluster(
            view.Objects.Of(ResourceKinds.Namespace).Select(ns => new PolicyNamespace(ns.Name, WithName(ns))),
            _pods.Values, Policies.Select(pair => pair.Policy),
            view.Objects.Of(ResourceKinds.Node).Select(node => new PolicyNode(node.Name, [.. node.Status.Field("addresses").Objects().Select(address => Address(address["address"].AsText())).OfType<IPAddress>()])
            {
                Labels = PodView.Map(node.Document["metadata"].Field("labels")),
            }),
            view.Objects.Of(ResourceKinds.ClusterNetworkPolicy).Select(policy => ClusterPolicyReader.Read(policy.Name, Element(policy.Spec))));
        _compiled = new(() => CompiledPolicies.Compile(Cluster));
    }

    public IReadOnlyList<(ClusterObject Source, NetworkPolicy Policy)> Policies { get; }

    public PolicyCluster Cluster { get; }

    public CompiledPolicies Compiled => _compiled.Value;

    public PolicyPod? Of(PodView pod) => _pods.GetValueOrDefault(pod);

    /// <summary>The Pods that a policy selects, templates among them.</summary>
    public IEnumerable<PodView> Selected(NetworkPolicy policy) => _view.Matching(policy.Namespace, policy.PodSelector);

    private static PolicyPod Pod(PodView pod) => new(pod.Namespace, pod.Name)
    {
        Labels = pod.Labels,
        Addresses = [.. pod.Addresses.Select(Address).OfType<IPAddress>()],
        NodeName = pod.NodeName,
        HostNetwork = pod.HostNetwork,
        Completed = pod.IsOver,
        Ports = [.. from port in pod.Ports
                    where port.Name is not null && Protocols.Parse(port.Protocol) is not null
                    select new NamedPort(port.Name!, Protocols.Parse(port.Protocol)!.Value, port.Number)],
    };

    private static Dictionary<string, string> WithName(ClusterObject ns) =>
        new(PodView.Map(ns.Document["metadata"].Field("labels")), StringComparer.Ordinal) { ["kubernetes.io/metadata.name"] = ns.Name };

    private static IPAddress? Address(string? text) => IPAddress.TryParse(text, out var address) ? address : null;

    private static JsonElement? Element(System.Text.Json.Nodes.JsonObject? spec) => spec is null ? null : JsonSerializer.SerializeToElement(spec);
}
