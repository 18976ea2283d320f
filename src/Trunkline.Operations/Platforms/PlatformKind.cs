namespace Trunkline.Operations.Platforms;

/// <summary>What kind of cluster this is, as far as it decides how a kernel module is switched on.</summary>
public enum PlatformKind
{
    /// <summary>Kubernetes, nothing more is known.</summary>
    Unknown,

    /// <summary>OpenShift (OKD too) whose nodes the Machine Config Operator looks after.</summary>
    OpenShift,

    /// <summary>OpenShift with a hosted control plane: no MachineConfigPool here, NodePools in the management cluster.</summary>
    OpenShiftHosted,

    /// <summary>OpenShift's API on one machine without operators of machines.</summary>
    MicroShift,

    /// <summary>A Trunkline lab.</summary>
    Lab,

    /// <summary>Talos Linux: no shell, no modprobe; the machine configuration lists modules.</summary>
    Talos,

    /// <summary>k3s.</summary>
    K3s,

    /// <summary>RKE2.</summary>
    Rke2,

    /// <summary>k0s.</summary>
    K0s,

    /// <summary>MicroK8s.</summary>
    MicroK8s,

    /// <summary>Amazon EKS.</summary>
    Eks,

    /// <summary>Google GKE.</summary>
    Gke,

    /// <summary>Azure AKS.</summary>
    Aks,

    /// <summary>Another provider's managed nodes.</summary>
    Managed,

    /// <summary>kind: nodes are containers of one machine.</summary>
    Kind,

    /// <summary>minikube.</summary>
    Minikube,

    /// <summary>Docker Desktop.</summary>
    DockerDesktop,

    /// <summary>kubeadm on machines of one's own.</summary>
    Kubeadm,
}
