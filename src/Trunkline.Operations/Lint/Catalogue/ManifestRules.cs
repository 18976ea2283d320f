using Trunkline.Operations.Findings;
using static Trunkline.Operations.Lint.Catalogue.RuleCatalogue;

namespace Trunkline.Operations.Lint.Catalogue;

/// <summary>Rules of manifests, alone or together.</summary>
internal static class ManifestRules
{
    private const string PolicySemantics = "networking.k8s.io/v1 NetworkPolicy, types.go and validation.go; kubernetes.io/docs/concepts/services-networking/network-policies";
    private const string ServiceSemantics = "core/v1 Service, types.go; kubernetes.io/docs/concepts/services-networking/service";

    public static IReadOnlyList<LintRule> All { get; } =
    [
        Rule("SCTP001", "spec-under-metadata", Severity.Error, RuleNeeds.Manifest, true, "The object's spec is indented under its metadata.",
            "kubectl refuses such an object (strict decoding error: unknown field \"metadata.spec\"). Clients that do not ask for strict validation (oc before 4.13, GitOps tools, --validate=false) store it with an empty spec: "
            + "a NetworkPolicy then selects all Pods and denies all ingress, its own namespace included. Write spec at the first column, beside metadata.",
            "Kubernetes field validation (KEP-2885); seen on a real kube-apiserver"),
        Rule("SCTP002", "peer-or-instead-of-and", Severity.Error, RuleNeeds.Manifests, true, "Two peers, one of a namespace and one of Pods, where one peer with both was meant.",
            "Items of a from or to list are alternatives. A namespaceSelector and a podSelector as two items allow all Pods of that namespace, and also Pods of the policy's own namespace with that label. "
            + "Pods with the label in that namespace are one item with both selectors. The rule speaks up where names, labels, prose or the run's Pods make plain that AND was meant.", PolicySemantics + " (behavior of to and from selectors)"),
        Rule("SCTP003", "policy-port-not-served", Severity.Error, RuleNeeds.Manifests, false, "A policy's SCTP port that none of the Pods it is about serves.",
            "Policies are judged after a Service's address has been translated: their ports are the Pods' ports (targetPort), never the Service's port or a node port. A port that no selected Pod serves allows nothing. "
            + "Use the container's port, or its name, which must match in name and protocol.", PolicySemantics),
        Rule("SCTP008", "null-selector", Severity.Warning, RuleNeeds.Manifest, true, "A selector that is null or left empty.",
            "podSelector: null means the same as {} (all Pods), but a merge patch takes null as a deletion, and tools differ. Write {} where all Pods are meant.", PolicySemantics + "; RFC 7386"),
        Rule("SCTP009", "policy-types-missing", Severity.Info, RuleNeeds.Manifest, true, "A policy about SCTP without policyTypes.",
            "Without policyTypes a policy isolates ingress, and egress only if it has egress rules. Readers guess; say it.", PolicySemantics + " (SetDefaults_NetworkPolicy)"),
        Rule("SCTP010", "namespace-missing", Severity.Warning, RuleNeeds.Manifest, false, "A namespaced object about SCTP that names no namespace.",
            "It lands in whatever project is current, and policies and Services look only at their own namespace. Helm's output and files of a kustomization with a namespace are given theirs at installation.", "kubernetes.io/docs/concepts/overview/working-with-objects/namespaces"),
        Rule("SCTP013", "deny-breaks-nodeport", Severity.Warning, RuleNeeds.Manifests, false, "A policy that lets in only its own namespace, in front of a NodePort or LoadBalancer Service.",
            "Clients from outside arrive with their own address or a node's; neither is a Pod of the namespace. They, the router and monitoring are cut off. Add an ipBlock, or the namespaces' labels policy-group.network.openshift.io/….",
            PolicySemantics + "; docs.openshift.com, network policy"),
        Rule("SCTP014", "isolated-but-nothing-matches", Severity.Warning, RuleNeeds.Manifests, false, "A policy isolates Pods, and none of its rules lets anything reach a port that they declare.",
            "A policy that selects a Pod isolates it. If no rule names a port that it serves, the policy meant to allow something denies everything.", PolicySemantics),
        Rule("SCTP015", "open-source", Severity.Info, RuleNeeds.Manifest, false, "An SCTP ingress rule with ports and no from.",
            "It allows every source, also outside of the cluster. podSelector chooses the destination, not the source.", PolicySemantics),
        Rule("SCTP016", "name-misleads", Severity.Info, RuleNeeds.Manifest, false, "A policy about SCTP whose name says something else than its rules.",
            "\"on-http\" for SCTP port 80, or \"deny-…\" for a policy that allows: NetworkPolicies only ever allow; whoever reads the name believes it.", PolicySemantics),
        Rule("SCTP017", "port-without-protocol", Severity.Error, RuleNeeds.Manifests, true, "A policy's port without a protocol, for Pods that serve it over SCTP.",
            "A port without protocol is a TCP port; SCTP stays denied.", PolicySemantics),
        Rule("SCTP018", "service-protocol-mismatch", Severity.Error, RuleNeeds.Manifests, true, "A Service's port and the Pods' port differ in protocol, or the Pods declare no such SCTP port; or an SCTP port's protocol was left out.",
            "A Service's port and a container's port without protocol are TCP. A named targetPort must match a container port in name and protocol. INIT is then answered by an ABORT, an ICMP error or not at all.", ServiceSemantics + "; open5gs#1126"),
        Rule("SCTP019", "nodeport-range-confusion", Severity.Warning, RuleNeeds.Manifest, false, "An SCTP Service of type NodePort whose port lies in 30000-32767, without a nodePort.",
            "The cluster picks the node port at random; port looks like it but is that of the ClusterIP. Write nodePort, or use a port outside of the range (38412 is NGAP's).", ServiceSemantics),
        Rule("SCTP022", "service-no-selector", Severity.Warning, RuleNeeds.Manifests, false, "An SCTP Service without a selector, for which nobody writes EndpointSlices.",
            "It has no endpoints: packets to it are rejected.", ServiceSemantics),
        Rule("SCTP023", "yaml-ellipsis", Severity.Error, RuleNeeds.Manifest, true, "A line \"...\" that leaves something out.",
            "In YAML it ends the document: kubectl reads only what stands before it, others refuse the file. Write a comment.", "YAML 1.2.2, 9.1.4"),
        Rule("SCTP024", "octal-mode", Severity.Warning, RuleNeeds.Manifest, true, "A file mode with a leading zero, or as text.",
            "YAML 1.1 reads 0644 as 420, YAML 1.2 as 644 (octal 1204); JSON does not allow it; the text \"0644\" degrades the pool. Write 420.", "Ignition spec 3.2, storage.files.mode; telco-reference#3, #50"),
        Rule("SCTP026", "mc-duplicate-path", Severity.Warning, RuleNeeds.Manifests, false, "Two MachineConfigs of one role write the same file.",
            "They are merged in the order of their names; the last one wins.", "machine-config-operator, MergeMachineConfigs"),
        Rule("SCTP027", "mc-name-order", Severity.Info, RuleNeeds.Manifest, false, "A MachineConfig about SCTP whose name is not NN-<role>-….",
            "MachineConfigs are merged in the order of their names; by convention 99-<role>- comes last and tells the role.", "machine-config-operator, docs/MachineConfig.md"),
        Rule("SCTP028", "mc-blacklist-only", Severity.Error, RuleNeeds.Manifests, false, "A MachineConfig has one of the two files that switch SCTP on, and none of its role has the other.",
            "RHCOS blacklists sctp in /etc/modprobe.d/sctp-blacklist.conf; that file must be emptied, and /etc/modules-load.d/sctp-load.conf must name sctp. With one of them SCTP stays off, or comes on by chance.",
            "docs.openshift.com, Using SCTP; cnf-features-deploy sctp.go"),
        Rule("SCTP032", "install-at-runtime", Severity.Warning, RuleNeeds.Manifest, false, "A container that installs its programs when it starts.",
            "It needs the internet and root: under restricted-v2 it runs as a random user and fails, unless whoever creates it may use anyuid, which a cluster-admin does not notice. Use an image that has the program.", "docs.openshift.com, security context constraints"),
        Rule("SCTP033", "no-readiness", Severity.Warning, RuleNeeds.Manifest, false, "A server of SCTP without a readiness probe.",
            "Running is not listening: the Service gets the endpoint before anybody listens, and an INIT is answered by an ABORT. Kubelet has no SCTP probe: use exec.", "kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle"),
        Rule("SCTP037", "latest-tag", Severity.Info, RuleNeeds.Manifest, false, "A container of an SCTP Pod without a fixed image, without resources or without a securityContext.",
            "What runs tomorrow is not what was tested today; without requests it is first to be evicted; without a securityContext it needs more rights than it has use for.", "kubernetes.io/docs/concepts/configuration, security/pod-security-standards"),
        Rule("SCTP046", "api-validation", Severity.Error, RuleNeeds.Manifest, true, "What an API server refuses in a NetworkPolicy, or in the protocol of a Service's or container's port.",
            "endPort below port or with a named port, an ipBlock beside selectors, an except outside of its cidr, a peer of nothing, unknown protocols, fields and operators: the message is the server's own.", "networking/validation/validation.go; seen on a real kube-apiserver"),
    ];
}
