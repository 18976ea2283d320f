namespace Trunkline.Operations.Platforms;

/// <summary>What carries, translates or announces Pods' packets.</summary>
public enum NetworkKind
{
    /// <summary>Nothing known was found.</summary>
    Unknown,

    /// <summary>OVN-Kubernetes: Pods, Services and policies.</summary>
    OvnKubernetes,

    /// <summary>OpenShift SDN, the plugin before OVN-Kubernetes.</summary>
    OpenShiftSdn,

    /// <summary>Calico with iptables or nftables.</summary>
    Calico,

    /// <summary>Calico's eBPF data plane, which also serves Services.</summary>
    CalicoEbpf,

    /// <summary>Canal: flannel's network, Calico's policies.</summary>
    Canal,

    /// <summary>Cilium.</summary>
    Cilium,

    /// <summary>GKE Dataplane V2, which is Cilium kept by Google.</summary>
    DataplaneV2,

    /// <summary>Antrea.</summary>
    Antrea,

    /// <summary>kube-router.</summary>
    KubeRouter,

    /// <summary>flannel: a network without policies.</summary>
    Flannel,

    /// <summary>Weave Net.</summary>
    Weave,

    /// <summary>Kube-OVN.</summary>
    KubeOvn,

    /// <summary>Amazon VPC CNI.</summary>
    AwsVpc,

    /// <summary>Azure CNI.</summary>
    Azure,

    /// <summary>kind's own network.</summary>
    Kindnet,

    /// <summary>The Trunkline lab's own data plane.</summary>
    Trunkline,

    /// <summary>kube-proxy with iptables rules.</summary>
    KubeProxyIptables,

    /// <summary>kube-proxy with IPVS.</summary>
    KubeProxyIpvs,

    /// <summary>kube-proxy with nftables rules.</summary>
    KubeProxyNftables,

    /// <summary>MetalLB, which announces addresses of Services.</summary>
    MetalLb,

    /// <summary>LoxiLB, a load balancer that reads SCTP itself.</summary>
    LoxiLb,

    /// <summary>Multus, which gives Pods more networks.</summary>
    Multus,
}
