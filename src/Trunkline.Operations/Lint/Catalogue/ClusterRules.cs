using Trunkline.Operations.Findings;
using static Trunkline.Operations.Lint.Catalogue.RuleCatalogue;

namespace Trunkline.Operations.Lint.Catalogue;

/// <summary>Rules that know most with a cluster's objects beside the manifests.</summary>
internal static class ClusterRules
{
    public static IReadOnlyList<LintRule> All { get; } =
    [
        Rule("SCTP011", "peer-selector-dangling", Severity.Warning, RuleNeeds.Cluster, false, "A peer of an SCTP policy that selects nothing.",
            "The namespace or the label does not exist: gateways made by the Gateway API and other mesh versions have other labels and namespaces. The rule allows nobody.", "networking.k8s.io/v1 NetworkPolicyPeer; kube-linter dangling-networkpolicypeer-podselector"),
        Rule("SCTP012", "mesh-does-not-carry-sctp", Severity.Error, RuleNeeds.Manifest, false, "SCTP that is to pass a service mesh.",
            "Envoy and Istio carry TCP (and HTTP, and UDP in part), not SCTP: a gateway's port 80 never speaks SCTP, and a sidecar's redirection takes TCP only, so that SCTP goes past the mesh without its encryption and policy.", "istio.io/latest/docs/ops/configuration/traffic-management/protocol-selection"),
        Rule("SCTP025", "mc-role-has-no-nodes", Severity.Error, RuleNeeds.Cluster, false, "A MachineConfig for a role whose pool has no nodes, or that no pool selects.",
            "On single-node and compact clusters all nodes are in pool master; custom pools take worker's MachineConfigs only if their selector includes worker. Such a MachineConfig changes nothing.", "machine-config-operator, docs/custom-pools.md"),
        Rule("SCTP035", "same-node-test", Severity.Warning, RuleNeeds.Cluster, false, "Server and client Pods that may land on one node, or an SCTP Pod that may land on a node without SCTP.",
            "A test on one node never crosses the network between nodes. And where only some pools load the module, an SCTP Pod needs a nodeSelector.", "kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node"),
        Rule("SCTP045", "dataplane-limits", Severity.Warning, RuleNeeds.Cluster, false, "SCTP that this cluster's network carries only in part.",
            "Cilium translates SCTP only where port equals targetPort (eBPF cannot compute its CRC32c). A Pod on several networks announces all its addresses in INIT, but a Service translates one path only; session affinity does not tie the paths together. "
            + "externalTrafficPolicy: Local drops what reaches a node without an endpoint.", "docs.cilium.io SCTP support (beta); loxilb docs; k8s#79481"),
    ];
}
