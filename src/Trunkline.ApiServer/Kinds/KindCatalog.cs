using k8s.Models;

namespace Trunkline.ApiServer.Kinds;

/// <summary>Every kind the server knows, in the order in which discovery lists groups.</summary>
public static class KindCatalog
{
    private static readonly string[] CreateOnly = ["create"];
    private static readonly string[] GetList = ["get", "list"];
    private static readonly string[] NoCollectionDelete = ["create", "delete", "get", "list", "patch", "update", "watch"];

    /// <summary>All kinds; those of one group and version stand together, by plural name.</summary>
    public static IReadOnlyList<ResourceKind> All { get; } =
    [
        .. Core(), .. Apps(), .. Groups(), .. OpenShift(), .. SecondaryNetworks(),
    ];

    private static readonly Dictionary<(string Group, string Version, string Plural), ResourceKind> ByPath =
        All.ToDictionary(k => (k.Group, k.Version, k.Plural));

    /// <summary>The kind served at a path, or null.</summary>
    public static ResourceKind? Find(string group, string version, string plural) => ByPath.GetValueOrDefault((group, version, plural));

    /// <summary>The kind of an object, by its apiVersion and kind, or null.</summary>
    public static ResourceKind? FindKind(string apiVersion, string kind) => All.FirstOrDefault(k => k.Kind == kind && k.ApiVersion == apiVersion);

    private static IEnumerable<ResourceKind> Core() =>
    [
        new("", "v1", "Binding", "bindings", true) { Verbs = CreateOnly, Model = typeof(V1Binding), Stored = false },
        new("", "v1", "ConfigMap", "configmaps", true) { ShortNames = ["cm"], Model = typeof(V1ConfigMap) },
        new("", "v1", "Endpoints", "endpoints", true) { Singular = "endpoints", ShortNames = ["ep"], Model = typeof(V1Endpoints) },
        new("", "v1", "Event", "events", true) { ShortNames = ["ev"], Model = typeof(Corev1Event) },
        new("", "v1", "Namespace", "namespaces", false)
        {
            ShortNames = ["ns"], Verbs = NoCollectionDelete, Model = typeof(V1Namespace),
            Subresources = [new("finalize", "Namespace", ["update"]), SubresourceKind.Status("Namespace")],
        },
        new("", "v1", "Node", "nodes", false) { ShortNames = ["no"], Model = typeof(V1Node), Subresources = [SubresourceKind.Status("Node")] },
        new("", "v1", "Pod", "pods", true)
        {
            ShortNames = ["po"], Categories = ["all"], Model = typeof(V1Pod),
            Subresources =
            [
                new("attach", "PodAttachOptions", ["create", "get"]),
                new("binding", "Binding", CreateOnly),
                new("eviction", "Eviction", CreateOnly, "policy", "v1"),
                new("exec", "PodExecOptions", ["create", "get"]),
                new("log", "Pod", ["get"]),
                SubresourceKind.Status("Pod"),
            ],
        },
        new("", "v1", "Secret", "secrets", true) { Model = typeof(V1Secret) },
        new("", "v1", "ServiceAccount", "serviceaccounts", true)
        {
            ShortNames = ["sa"], Model = typeof(V1ServiceAccount),
            Subresources = [new("token", "TokenRequest", CreateOnly, "authentication.k8s.io", "v1")],
        },
        new("", "v1", "Service", "services", true)
        {
            ShortNames = ["svc"], Categories = ["all"], Model = typeof(V1Service), Subresources = [SubresourceKind.Status("Service")],
        },
    ];

    private static IEnumerable<ResourceKind> Apps() =>
    [
        Workload("DaemonSet", "daemonsets", "ds", typeof(V1DaemonSet), []),
        Workload("Deployment", "deployments", "deploy", typeof(V1Deployment), [SubresourceKind.Scale]),
        Workload("ReplicaSet", "replicasets", "rs", typeof(V1ReplicaSet), [SubresourceKind.Scale]),
    ];

    private static ResourceKind Workload(string kind, string plural, string shortName, Type model, SubresourceKind[] more) => new("apps", "v1", kind, plural, true)
    {
        ShortNames = [shortName],
        Categories = ["all"],
        Model = model,
        Subresources = [.. more, SubresourceKind.Status(kind)],
    };

    private static IEnumerable<ResourceKind> Groups() =>
    [
        new("events.k8s.io", "v1", "Event", "events", true) { ShortNames = ["ev"], Model = typeof(Eventsv1Event), Storage = "events" },
        Review("authentication.k8s.io", "SelfSubjectReview", "selfsubjectreviews", typeof(V1SelfSubjectReview)),
        Review("authentication.k8s.io", "TokenReview", "tokenreviews", typeof(V1TokenReview)),
        Review("authorization.k8s.io", "LocalSubjectAccessReview", "localsubjectaccessreviews", typeof(V1LocalSubjectAccessReview)) with { Namespaced = true },
        Review("authorization.k8s.io", "SelfSubjectAccessReview", "selfsubjectaccessreviews", typeof(V1SelfSubjectAccessReview)),
        Review("authorization.k8s.io", "SelfSubjectRulesReview", "selfsubjectrulesreviews", typeof(V1SelfSubjectRulesReview)),
        Review("authorization.k8s.io", "SubjectAccessReview", "subjectaccessreviews", typeof(V1SubjectAccessReview)),
        new("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies", true) { ShortNames = ["netpol"], Model = typeof(V1NetworkPolicy) },
        new("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets", true)
        {
            ShortNames = ["pdb"], Model = typeof(V1PodDisruptionBudget), Subresources = [SubresourceKind.Status("PodDisruptionBudget")],
        },
        new("policy.networking.k8s.io", "v1alpha2", "ClusterNetworkPolicy", "clusternetworkpolicies", false)
        {
            ShortNames = ["cnp"], Subresources = [SubresourceKind.Status("ClusterNetworkPolicy")],
        },
        new("rbac.authorization.k8s.io", "v1", "ClusterRoleBinding", "clusterrolebindings", false) { Model = typeof(V1ClusterRoleBinding) },
        new("rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles", false) { Model = typeof(V1ClusterRole) },
        new("rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings", true) { Model = typeof(V1RoleBinding) },
        new("rbac.authorization.k8s.io", "v1", "Role", "roles", true) { Model = typeof(V1Role) },
        new("coordination.k8s.io", "v1", "Lease", "leases", true) { Model = typeof(V1Lease) },
        new("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices", true) { Model = typeof(V1EndpointSlice) },
    ];

    private static IEnumerable<ResourceKind> OpenShift() =>
    [
        new("machineconfiguration.openshift.io", "v1", "MachineConfigPool", "machineconfigpools", false)
        {
            ShortNames = ["mcp"], Subresources = [SubresourceKind.Status("MachineConfigPool")],
        },
        new("machineconfiguration.openshift.io", "v1", "MachineConfig", "machineconfigs", false) { ShortNames = ["mc"] },
        new("config.openshift.io", "v1", "ClusterVersion", "clusterversions", false) { Subresources = [SubresourceKind.Status("ClusterVersion")] },
        new("project.openshift.io", "v1", "ProjectRequest", "projectrequests", false) { Verbs = ["create", "list"], Stored = false },
        new("project.openshift.io", "v1", "Project", "projects", false) { Verbs = NoCollectionDelete, Stored = false, Storage = "namespaces" },
        new("user.openshift.io", "v1", "User", "users", false) { Verbs = GetList, Stored = false },
    ];

    // Multus' kinds (k8snetworkplumbingwg), which OpenShift brings along.
    private static IEnumerable<ResourceKind> SecondaryNetworks() =>
    [
        new("k8s.cni.cncf.io", "v1", "NetworkAttachmentDefinition", "network-attachment-definitions", true)
        {
            Singular = "network-attachment-definition", ShortNames = ["net-attach-def"],
        },
        new("k8s.cni.cncf.io", "v1beta1", "MultiNetworkPolicy", "multi-networkpolicies", true) { Singular = "multi-networkpolicy", ShortNames = ["multi-policy"] },
    ];

    private static ResourceKind Review(string group, string kind, string plural, Type model) => new(group, "v1", kind, plural, false)
    {
        Verbs = CreateOnly,
        Model = model,
        Stored = false,
    };
}
