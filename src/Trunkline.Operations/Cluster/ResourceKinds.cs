namespace Trunkline.Operations.Cluster;

/// <summary>The kinds that Trunkline reads or writes on a cluster, with the paths at which they are found.</summary>
public static class ResourceKinds
{
    private const string Apps = "apps";
    private const string MachineConfiguration = "machineconfiguration.openshift.io";
    private const string OpenShiftConfig = "config.openshift.io";

    public static ResourceKind Pod { get; } = new("", "v1", "pods", "Pod", true);

    public static ResourceKind Service { get; } = new("", "v1", "services", "Service", true);

    public static ResourceKind Namespace { get; } = new("", "v1", "namespaces", "Namespace", false);

    public static ResourceKind Node { get; } = new("", "v1", "nodes", "Node", false);

    public static ResourceKind ConfigMap { get; } = new("", "v1", "configmaps", "ConfigMap", true);

    public static ResourceKind ServiceAccount { get; } = new("", "v1", "serviceaccounts", "ServiceAccount", true);

    public static ResourceKind Endpoints { get; } = new("", "v1", "endpoints", "Endpoints", true);

    public static ResourceKind EndpointSlice { get; } = new("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice", true);

    public static ResourceKind Deployment { get; } = new(Apps, "v1", "deployments", "Deployment", true);

    public static ResourceKind DaemonSet { get; } = new(Apps, "v1", "daemonsets", "DaemonSet", true);

    public static ResourceKind StatefulSet { get; } = new(Apps, "v1", "statefulsets", "StatefulSet", true);

    public static ResourceKind ReplicaSet { get; } = new(Apps, "v1", "replicasets", "ReplicaSet", true);

    public static ResourceKind PodDisruptionBudget { get; } = new("policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget", true);

    public static ResourceKind NetworkPolicy { get; } = new("networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy", true);

    public static ResourceKind ClusterNetworkPolicy { get; } = new("policy.networking.k8s.io", "v1alpha2", "clusternetworkpolicies", "ClusterNetworkPolicy", false);

    public static ResourceKind NetworkAttachmentDefinition { get; } = new("k8s.cni.cncf.io", "v1", "network-attachment-definitions", "NetworkAttachmentDefinition", true);

    public static ResourceKind MultiNetworkPolicy { get; } = new("k8s.cni.cncf.io", "v1beta1", "multi-networkpolicies", "MultiNetworkPolicy", true);

    public static ResourceKind MachineConfig { get; } = new(MachineConfiguration, "v1", "machineconfigs", "MachineConfig", false);

    public static ResourceKind MachineConfigPool { get; } = new(MachineConfiguration, "v1", "machineconfigpools", "MachineConfigPool", false);

    /// <summary>OpenShift's cluster network, which names the plugin (<c>status.networkType</c>).</summary>
    public static ResourceKind Network { get; } = new(OpenShiftConfig, "v1", "networks", "Network", false);

    /// <summary>OpenShift's version; a cluster that serves none is no OpenShift.</summary>
    public static ResourceKind ClusterVersion { get; } = new(OpenShiftConfig, "v1", "clusterversions", "ClusterVersion", false);

    /// <summary>OpenShift's infrastructure: platform and topology of the control plane.</summary>
    public static ResourceKind Infrastructure { get; } = new(OpenShiftConfig, "v1", "infrastructures", "Infrastructure", false);

    /// <summary>Calico's settings of its agent, among them the eBPF data plane.</summary>
    public static ResourceKind FelixConfiguration { get; } = new("crd.projectcalico.org", "v1", "felixconfigurations", "FelixConfiguration", false);

    /// <summary>OpenShift's named images. (Read by name, never listed: there are hundreds.)</summary>
    public static ResourceKind ImageStreamTag { get; } = new("image.openshift.io", "v1", "imagestreamtags", "ImageStreamTag", true);

    /// <summary>Bindings of roles in a namespace. (Only written.)</summary>
    public static ResourceKind RoleBinding { get; } = new("rbac.authorization.k8s.io", "v1", "rolebindings", "RoleBinding", true);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ResourceKind> All { get; } =
    [
        Pod, Service, Namespace, Node, ConfigMap, ServiceAccount, Endpoints, EndpointSlice, Deployment, DaemonSet, StatefulSet, ReplicaSet, PodDisruptionBudget, NetworkPolicy, ClusterNetworkPolicy,
        NetworkAttachmentDefinition, MultiNetworkPolicy, MachineConfig, MachineConfigPool, Network, ClusterVersion, Infrastructure, FelixConfiguration,
    ];

    /// <summary>The kind of an object by its <c>apiVersion</c> and <c>kind</c>, whatever the version; null when Trunkline does not read such objects.</summary>
    public static ResourceKind? Of(string apiVersion, string kind)
    {
        var slash = apiVersion.IndexOf('/', StringComparison.Ordinal);
        var group = slash < 0 ? "" : apiVersion[..slash];
        return All.FirstOrDefault(known => known.Name == kind && known.Group == group);
    }
}
