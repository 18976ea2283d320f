using Trunkline.Operations.Cluster;
using Trunkline.Operations.Doctor.Checks;
using Trunkline.Operations.Findings;

namespace Trunkline.Operations.Doctor;

/// <summary>The catalogue: all checks, and what they read.</summary>
public static class DoctorChecks
{
    /// <summary>The check that says which kinds could not be read.</summary>
    internal static readonly RuleInfo Unread = new("DOC190", "not-read", Severity.Info, "Objects could not be read, so some checks could not look.",
        "A missing right (list on the resource) or an archive without the kind. What depends on it was not looked at: nothing found there means nothing.", "Kubernetes: RBAC");

    /// <summary>The check that says what probes could not look at.</summary>
    internal static readonly RuleInfo NotProbed = new("DOC191", "not-probed", Severity.Info, "Nodes or Pods could not be looked into, so checks of kernels, listeners and conntrack could not look.",
        "An archive holds objects only; on a cluster a probe needs the right to create pods/exec, and a Pod on the node that has a shell (or --probe, which makes one).", "trunkline doctor --probe");

    internal static readonly IReadOnlyList<IDoctorCheck> All =
    [
        new NodeModule(), new MachineConfigChecks(), new PoolChecks(), new ServiceTargets(), new Listeners(), new ServiceProtocols(), new Multihoming(), new Tracking(), new Exposure(),
        new NetworkLimits(), new PolicyPorts(), new PolicyEffects(), new PodProbes(), new Wire(),
    ];

    /// <summary>All checks by id.</summary>
    public static IReadOnlyList<RuleInfo> Rules { get; } = [.. All.SelectMany(check => check.Rules).Append(Unread).Append(NotProbed).OrderBy(rule => rule.Id, StringComparer.Ordinal)];

    /// <summary>The kinds that a doctor reads.</summary>
    public static IReadOnlyList<ResourceKind> Kinds { get; } =
    [
        ResourceKinds.Pod, ResourceKinds.Service, ResourceKinds.Namespace, ResourceKinds.Node, ResourceKinds.ConfigMap, ResourceKinds.EndpointSlice, ResourceKinds.Endpoints, ResourceKinds.Deployment,
        ResourceKinds.DaemonSet, ResourceKinds.StatefulSet, ResourceKinds.ReplicaSet, ResourceKinds.NetworkPolicy, ResourceKinds.ClusterNetworkPolicy, ResourceKinds.NetworkAttachmentDefinition, ResourceKinds.MachineConfig,
        ResourceKinds.MachineConfigPool, ResourceKinds.Network, ResourceKinds.ClusterVersion, ResourceKinds.Infrastructure, ResourceKinds.FelixConfiguration,
    ];
}
