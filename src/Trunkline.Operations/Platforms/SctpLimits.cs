using Trunkline.Operations.Findings;

namespace Trunkline.Operations.Platforms;

/// <summary>The limits themselves: one table, so that doctor, enable, lint and verify say the same.</summary>
internal static class SctpLimits
{
    private const string Multihomed = "Bind the server to one address, or give its Pod a second network (Multus) whose addresses no Service translates.";

    public static IReadOnlyList<SctpLimit> Of(NetworkKind kind) => kind switch
    {
        NetworkKind.OvnKubernetes =>
        [
            new("ovn-userspace-conntrack", LimitArea.Services, Severity.Info, "SCTP needs the kernel's connection tracking; a userspace (DPDK) Open vSwitch has none for SCTP.", "antrea-io/antrea#2033"),
            new("ovn-stale-conntrack", LimitArea.Failover, Severity.Info, "A peer that keeps its source port stays with a Pod that has gone until the connection tracking entry ends.", "kubernetes/kubernetes#106662"),
        ],
        NetworkKind.Calico or NetworkKind.Canal =>
        [
            new("calico-invalid-drop", LimitArea.Pods, Severity.Info, "Calico drops what connection tracking calls INVALID; on kernels without nf_conntrack for SCTP that is the INIT ACK.", "projectcalico/calico#2570",
                "Load nf_conntrack_proto_sctp on kernels older than 4.19."),
        ],
        NetworkKind.CalicoEbpf =>
        [
            new("calico-ebpf-services", LimitArea.Services, Severity.Warning, "Calico's eBPF data plane does not serve SCTP as it serves TCP and UDP.", "Calico documentation, eBPF: limitations",
                "Use the iptables or nftables data plane (FelixConfiguration bpfEnabled: false) with kube-proxy for SCTP Services, and prove the policies with `trunkline policy verify`."),
        ],
        NetworkKind.Cilium or NetworkKind.DataplaneV2 =>
        [
            new("cilium-port-rewrite", LimitArea.Services, Severity.Warning, "Services carry SCTP only where port and targetPort are the same: eBPF cannot compute the CRC32c of a rewritten packet.", "cilium/cilium#20490",
                "Give the Service the port that the Pod listens on."),
            new("cilium-nodeport-from-host", LimitArea.Services, Severity.Warning, "A nodePort is refused to callers on the node itself.", "cilium/cilium#32412", "Test nodePorts from another machine."),
            new("cilium-policy-vip", LimitArea.Policies, Severity.Warning, "SCTP policies hold from Pod to Pod, not towards a Service's address.", "cilium/cilium#20490"),
            new("cilium-multihoming", LimitArea.Multihoming, Severity.Warning, "Associations with several addresses are not followed.", "cilium/cilium#20490", Multihomed),
        ],
        NetworkKind.Antrea =>
        [
            new("antrea-userspace", LimitArea.Pods, Severity.Info, "SCTP needs the kernel's Open vSwitch data path; the userspace one tracks no SCTP.", "antrea-io/antrea#2033"),
        ],
        NetworkKind.KubeRouter =>
        [
            new("kube-router-policy", LimitArea.Policies, Severity.Error, "kube-router does not carry out NetworkPolicies that name SCTP.", "cloudnativelabs/kube-router#1019",
                "Do not rely on SCTP policies here; `trunkline policy verify` shows what passes."),
        ],
        NetworkKind.Flannel =>
        [
            new("flannel-policy", LimitArea.Policies, Severity.Error, "flannel carries out no NetworkPolicies at all, for SCTP or anything else.", "flannel documentation", "Add a policy engine (Calico as in Canal)."),
        ],
        NetworkKind.Kindnet =>
        [
            new("kindnet-policy", LimitArea.Policies, Severity.Warning, "kindnet carries out NetworkPolicies only in newer releases of kind.", "kubernetes-sigs/kind#842", "Prove policies with `trunkline policy verify`."),
        ],
        NetworkKind.AwsVpc or NetworkKind.Azure =>
        [
            new("cloud-loadbalancer", LimitArea.Services, Severity.Warning, "The provider's load balancer carries TCP and UDP, not SCTP.", "Orange-OpenSource/towards5gs-helm, 5g-charts#110", "Use a nodePort or hostNetwork for callers from outside."),
        ],
        NetworkKind.KubeProxyIptables or NetworkKind.KubeProxyNftables => Translated(),
        NetworkKind.KubeProxyIpvs =>
        [
            .. Translated(),
            new("ipvs-nodeport", LimitArea.Services, Severity.Warning, "nodePorts answer only at the node's InternalIP.", "kubernetes/kubernetes#81474"),
            new("ipvs-termination", LimitArea.Failover, Severity.Info, "An SCTP endpoint that ends is removed at once, without the grace that TCP has.", "kube-proxy, graceful_termination.go"),
            new("ipvs-sloppy", LimitArea.Multihoming, Severity.Warning, "Packets of an association's other paths are dropped unless net.ipv4.vs.sloppy_sctp is 1.", "loxilb-io/loxilb#384", "Set the sysctl net.ipv4.vs.sloppy_sctp=1 on the nodes."),
        ],
        NetworkKind.MetalLb =>
        [
            new("metallb-announces", LimitArea.Services, Severity.Info, "MetalLB announces addresses only: SCTP goes as far as the service proxy carries it.", "metallb/metallb#2875"),
        ],
        NetworkKind.LoxiLb =>
        [
            new("loxilb-multihoming", LimitArea.Multihoming, Severity.Warning, "Several addresses need mode fullnat and externalTrafficPolicy Local.", "loxilb-io/loxilb#1078", Multihomed),
            new("loxilb-restart", LimitArea.Failover, Severity.Warning, "An INIT within an established association is not rewritten: the caller's own address leaks to the server.", "loxilb-io/loxilb#1113"),
            new("loxilb-same-node", LimitArea.Services, Severity.Warning, "A server on the load balancer's own node gets packets with wrong checksums.", "loxilb, docs/debugging.md", "Set the module option `sctp no_checksums=1` and nf_conntrack_checksum=0 there, or keep servers off that node."),
        ],
        _ => [],
    };

    /// <summary>Cilium as released drops SCTP unless it is told not to.</summary>
    public static SctpLimit CiliumOff { get; } = new("cilium-off", LimitArea.Pods, Severity.Error, "Cilium drops SCTP: enable-sctp is not true in its configuration.", "cilium/cilium#20490",
        "Set Helm's sctp.enabled=true (enable-sctp: \"true\" in ConfigMap cilium-config) and restart the cilium DaemonSet.");

    public static SctpLimit CiliumWithoutKubeProxy { get; } = new("cilium-kube-proxy-replacement", LimitArea.Services, Severity.Warning,
        "Cilium stands in for kube-proxy, and serves SCTP only where no port has to be rewritten; a nodePort always has to, unless it equals the target port.", "cilium/cilium#38540, #38639",
        "Give Service, nodePort and container one port, or let kube-proxy serve Services.");

    public static SctpLimit CiliumMasquerade { get; } = new("cilium-bpf-masquerade", LimitArea.Pods, Severity.Warning,
        "BPF masquerading does not carry SCTP: Pods' associations to addresses outside the cluster fail.", "cilium/cilium#20490", "Set enable-bpf-masquerade to false for iptables masquerading.");

    public static SctpLimit CiliumEgressGateway { get; } = new("cilium-egress-gateway", LimitArea.Pods, Severity.Warning, "Egress gateways do not carry SCTP.", "cilium/cilium#20490");

    public static SctpLimit GkeNeedsUbuntu(string node) => new("gke-node-image", LimitArea.Pods, Severity.Error, $"{node} runs Container-Optimized OS, which has no SCTP.",
        "cloud.google.com/kubernetes-engine/docs/how-to/deploy-workloads-with-sctp", "Use a node pool with the Ubuntu image, GKE 1.32.2-gke.1297000 or newer, Dataplane V2.");

    private static IReadOnlyList<SctpLimit> Translated() =>
    [
        new("kube-proxy-multihoming", LimitArea.Multihoming, Severity.Warning, "Translation rewrites one address: the others that an INIT carries stay the Pod's own, and the peer's HEARTBEATs to them are lost.",
            "kubernetes.io: Protocols for Services, SCTP", Multihomed),
        new("kube-proxy-stale-conntrack", LimitArea.Failover, Severity.Warning, "kube-proxy cleans no connection tracking of SCTP: a peer that keeps its source port stays with a Pod that has gone.",
            "kubernetes/kubernetes#70020, #101968", "Delete the entry on the node (`conntrack -D -p sctp --dport PORT`), or let the peer choose another source port."),
    ];
}
