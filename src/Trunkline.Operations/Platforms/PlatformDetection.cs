using Trunkline.Operations.Cluster;
using Trunkline.Operations.Objects;

namespace Trunkline.Operations.Platforms;

/// <summary>Tells platforms apart by what each of them alone puts into its objects. Pure.</summary>
internal static class PlatformDetection
{
    private const string KubeSystem = "kube-system";

    // Labels that only one provider's managed nodes carry.
    private static readonly (string Label, PlatformKind Kind, string Name)[] s_managed =
    [
        ("eks.amazonaws.com/nodegroup", PlatformKind.Eks, "Amazon EKS"),
        ("eks.amazonaws.com/compute-type", PlatformKind.Eks, "Amazon EKS"),
        ("cloud.google.com/gke-nodepool", PlatformKind.Gke, "Google GKE"),
        ("kubernetes.azure.com/cluster", PlatformKind.Aks, "Azure AKS"),
        ("ibm-cloud.kubernetes.io/worker-id", PlatformKind.Managed, "IBM Cloud Kubernetes Service"),
        ("doks.digitalocean.com/node-pool", PlatformKind.Managed, "DigitalOcean Kubernetes"),
        ("lke.linode.com/pool-id", PlatformKind.Managed, "Linode Kubernetes Engine"),
        ("alibabacloud.com/nodepool-id", PlatformKind.Managed, "Alibaba Cloud ACK"),
        ("oke.oraclecloud.com/pool.id", PlatformKind.Managed, "Oracle OKE"),
        ("k8s.scaleway.com/pool", PlatformKind.Managed, "Scaleway Kapsule"),
    ];

    // Words that a distribution's kubelet has in its version.
    private static readonly (string Word, PlatformKind Kind, string Name)[] s_kubelets =
    [
        ("+k3s", PlatformKind.K3s, "k3s"),
        ("+rke2", PlatformKind.Rke2, "RKE2"),
        ("+k0s", PlatformKind.K0s, "k0s"),
        ("-eks-", PlatformKind.Eks, "Amazon EKS"),
        ("-gke.", PlatformKind.Gke, "Google GKE"),
    ];

    public static ClusterPlatform Of(ClusterObjects objects)
    {
        var nodes = objects.Of(ResourceKinds.Node);
        var (kind, name, evidence) = OpenShift(objects, nodes) ?? Labelled(nodes) ?? ByKubelet(nodes) ?? ByNode(nodes) ?? Kubeadm(objects, nodes)
            ?? (PlatformKind.Unknown, "Kubernetes", ["no object names a platform"]);
        var (topology, why) = Topology(objects, nodes, kind);
        return new ClusterPlatform(kind, name, topology, [.. evidence, .. why]);
    }

    /// <summary>Whether a node is the control plane's.</summary>
    internal static bool IsControlPlane(ClusterObject node) => HasLabel(node, "node-role.kubernetes.io/master") || HasLabel(node, "node-role.kubernetes.io/control-plane");

    /// <summary>Whether a node takes workloads without their tolerating anything.</summary>
    internal static bool TakesWorkloads(ClusterObject node) =>
        node.Spec.Field("taints").Objects().All(taint => taint["key"].AsText() is not ("node-role.kubernetes.io/master" or "node-role.kubernetes.io/control-plane"
            or "node-role.kubernetes.io/etcd") || taint["effect"].AsText() == "PreferNoSchedule");

    internal static bool HasLabel(ClusterObject item, string key) => item.Label(key) is not null;

    private static (PlatformKind, string, List<string>)? OpenShift(ClusterObjects objects, IReadOnlyList<ClusterObject> nodes)
    {
        if (nodes.FirstOrDefault(node => node.Label("node.openshift.io/os_id") == "trunkline") is { } lab)
        {
            return (PlatformKind.Lab, "Trunkline lab", [$"{lab.Title} has the label node.openshift.io/os_id=trunkline"]);
        }

        if (objects.TryFind(ResourceKinds.ConfigMap, "kube-public", "microshift-version", out var micro))
        {
            return (PlatformKind.MicroShift, $"MicroShift {micro.Document["data"].Field("version").AsText()}".TrimEnd(), [$"{micro.Title} exists"]);
        }

        var version = First(objects, ResourceKinds.ClusterVersion);
        var infrastructure = First(objects, ResourceKinds.Infrastructure);
        var pools = objects.Of(ResourceKinds.MachineConfigPool);
        var name = $"OpenShift {version?.Status.Field("desired").Field("version").AsText()}".TrimEnd();
        if (infrastructure?.Status.Field("controlPlaneTopology").AsText() == "External" || nodes.Any(node => HasLabel(node, "hypershift.openshift.io/nodePool")))
        {
            return (PlatformKind.OpenShiftHosted, $"{name}, hosted control plane",
                [infrastructure?.Status.Field("controlPlaneTopology").AsText() == "External" ? "Infrastructure cluster says controlPlaneTopology External" : "nodes have the label hypershift.openshift.io/nodePool"]);
        }

        if (version is null && infrastructure is null && pools.Count == 0)
        {
            return null;
        }

        var evidence = new List<string>();
        if (version is not null || infrastructure is not null)
        {
            evidence.Add($"{(version ?? infrastructure)!.Title} exists");
        }

        if (pools.Count > 0)
        {
            evidence.Add($"{pools.Count} MachineConfigPools: {string.Join(", ", pools.Select(pool => pool.Name))}");
        }

        return (PlatformKind.OpenShift, name, evidence);
    }

    private static (PlatformKind, string, List<string>)? Labelled(IReadOnlyList<ClusterObject> nodes) =>
        (from mark in s_managed
         from node in nodes
         where HasLabel(node, mark.Label)
         select ((PlatformKind, string, List<string>)?)(mark.Kind, mark.Name, [$"{node.Title} has the label {mark.Label}"])).FirstOrDefault();

    private static (PlatformKind, string, List<string>)? ByKubelet(IReadOnlyList<ClusterObject> nodes) =>
        (from mark in s_kubelets
         from node in nodes
         let version = Info(node, "kubeletVersion")
         where version.Contains(mark.Word, StringComparison.Ordinal)
         select ((PlatformKind, string, List<string>)?)(mark.Kind, $"{mark.Name} {version}", [$"{node.Title} runs kubelet {version}"])).FirstOrDefault();

    private static (PlatformKind, string, List<string>)? ByNode(IReadOnlyList<ClusterObject> nodes)
    {
        foreach (var node in nodes)
        {
            var image = Info(node, "osImage");
            var provider = node.Spec.Field("providerID").AsText() ?? "";
            if (image.StartsWith("Talos", StringComparison.Ordinal))
            {
                return (PlatformKind.Talos, image, [$"{node.Title} runs {image}"]);
            }

            if (provider.StartsWith("kind://", StringComparison.Ordinal))
            {
                return (PlatformKind.Kind, "kind", [$"{node.Title} has providerID {provider}"]);
            }

            if (HasLabel(node, "minikube.k8s.io/name"))
            {
                return (PlatformKind.Minikube, "minikube", [$"{node.Title} has the label minikube.k8s.io/name"]);
            }

            if (HasLabel(node, "microk8s.io/cluster"))
            {
                return (PlatformKind.MicroK8s, "MicroK8s", [$"{node.Title} has the label microk8s.io/cluster"]);
            }

            if (image == "Docker Desktop" || node.Name == "docker-desktop")
            {
                return (PlatformKind.DockerDesktop, "Docker Desktop", [$"{node.Title} runs {(image.Length > 0 ? image : "Docker Desktop")}"]);
            }
        }

        return null;
    }

    private static (PlatformKind, string, List<string>)? Kubeadm(ClusterObjects objects, IReadOnlyList<ClusterObject> nodes)
    {
        if (objects.TryFind(ResourceKinds.ConfigMap, KubeSystem, "kubeadm-config", out var config))
        {
            return (PlatformKind.Kubeadm, "Kubernetes by kubeadm", [$"{config.Title} exists"]);
        }

        return nodes.FirstOrDefault(node => node.Annotation("kubeadm.alpha.kubernetes.io/cri-socket") is not null) is { } joined
            ? (PlatformKind.Kubeadm, "Kubernetes by kubeadm", [$"{joined.Title} has the annotation kubeadm.alpha.kubernetes.io/cri-socket"])
            : null;
    }

    private static (ControlPlaneTopology, IReadOnlyList<string>) Topology(ClusterObjects objects, IReadOnlyList<ClusterObject> nodes, PlatformKind kind)
    {
        var said = First(objects, ResourceKinds.Infrastructure)?.Status.Field("controlPlaneTopology").AsText();
        if (kind == PlatformKind.OpenShiftHosted)
        {
            return (ControlPlaneTopology.Hosted, []);
        }

        if (said == "SingleReplica" && nodes.Count <= 1)
        {
            return (ControlPlaneTopology.SingleNode, ["Infrastructure cluster says controlPlaneTopology SingleReplica"]);
        }

        var control = nodes.Count(IsControlPlane);
        return (nodes.Count, control) switch
        {
            (0, _) => (ControlPlaneTopology.Unknown, []),
            (_, 0) when kind is PlatformKind.Eks or PlatformKind.Gke or PlatformKind.Aks or PlatformKind.Managed => (ControlPlaneTopology.Hosted, ["the provider runs the control plane"]),
            (1, _) => (ControlPlaneTopology.SingleNode, ["there is one node"]),
            (_, 0) => (ControlPlaneTopology.Hosted, ["no node is labelled as the control plane's"]),
            var (all, some) when all == some => (ControlPlaneTopology.Compact, [$"all {all} nodes are the control plane's"]),
            var (all, some) => (ControlPlaneTopology.Separate, [$"{some} of {all} nodes are the control plane's"]),
        };
    }

    private static ClusterObject? First(ClusterObjects objects, ResourceKind kind) => objects.Of(kind) is [var first, ..] ? first : null;

    private static string Info(ClusterObject node, string field) => node.Status.Field("nodeInfo").Field(field).AsText() ?? "";
}
