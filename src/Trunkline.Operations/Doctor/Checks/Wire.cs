using Trunkline.Operations.Cluster;
using Trunkline.Operations.Doctor.View;
using Trunkline.Operations.Findings;
using Trunkline.Operations.Objects;

namespace Trunkline.Operations.Doctor.Checks;

/// <summary>Checksums, sizes and security modules between SCTP and its peers.</summary>
internal sealed class Wire : IDoctorCheck
{
    public static readonly RuleInfo Checksums = new("DOC110", "checksum-errors", Severity.Error, "SCTP packets arrive with a wrong CRC32c and are thrown away.",
        "Somebody on the way changed the packet and not its checksum: translation in eBPF, a network card's offload behind a tunnel, a load balancer on the same node. RFC 9260 has such packets discarded in silence.", "RFC 9260 section 6.8; loxilb docs/debugging");

    public static readonly RuleInfo Mtu = new("DOC111", "mtu-differs", Severity.Warning, "SCTP Pods have different MTUs: large messages may be lost between them.",
        "SCTP finds the path's MTU by ICMP. Where ICMP is filtered, INIT passes and the first large DATA chunk is lost again and again.", "RFC 9260 section 7.3; k8s#103150");

    public static readonly RuleInfo SecurityModule = new("DOC112", "security-module", Severity.Warning, "A security agent on the nodes is known to deny SCTP.",
        "KubeArmor calls SCTP an unknown protocol and denies accept() where a policy restricts networks.", "KubeArmor#1807");

    public static readonly RuleInfo TooOld = new("DOC120", "cluster-without-sctp", Severity.Error, "The cluster is older than SCTP in Kubernetes.",
        "The feature gate SCTPSupport is off by default before 1.19; SCTP is GA in 1.20. The API server refuses or drops protocol: SCTP.", "KEP-614");

    public IReadOnlyList<RuleInfo> Rules { get; } = [Checksums, Mtu, SecurityModule, TooOld];

    public IReadOnlyList<ResourceKind> Needs { get; } = [ResourceKinds.Pod, ResourceKinds.Node, ResourceKinds.DaemonSet];

    public IEnumerable<Diagnosis> Look(ClusterView view)
    {
        foreach (var (subject, count, how) in view.Facts.Nodes.Select(node => ($"Node {node.Node}", node.ChecksumErrors, node.ReadBy)).Concat(view.Facts.Pods.Select(pod => ($"Pod {pod.Namespace}/{pod.Pod}", pod.ChecksumErrors, pod.ReadBy))).Where(one => one.Item2 > 0))
        {
            yield return new(Checksums, subject, $"{subject} threw away {count} SCTP packets for a wrong CRC32c.")
            {
                Evidence = [$"/proc/net/sctp/snmp, SctpChecksumErrors: {count} ({how})"],
                Fix = "Turn off the offload on the way (ethtool -K DEV tx-checksum-sctp off) or in the tunnel; behind LoxiLB on the same node: modprobe sctp no_checksums=1 and net.netfilter.nf_conntrack_checksum=0.",
            };
        }

        var sizes = view.Facts.Pods.Where(pod => pod.Mtu is not null).GroupBy(pod => pod.Mtu!.Value).OrderBy(group => group.Key).ToList();
        if (sizes.Count > 1)
        {
            yield return new(Mtu, $"Pod {sizes[0].First().Namespace}/{sizes[0].First().Pod}", $"SCTP Pods have the MTUs {Advice.List(sizes.Select(group => $"{group.Key} ({group.First().Namespace}/{group.First().Pod})"))}: large messages between them depend on ICMP.")
            {
                Evidence = [.. sizes.Select(group => $"{group.Key}: {Advice.List(group.Select(pod => $"{pod.Namespace}/{pod.Pod}"))} (/sys/class/net/eth0/mtu)")],
                Fix = "Give all nodes' Pod networks one MTU, and let ICMP type 3 code 4 (ICMPv6 type 2) through.",
                Concerns = [.. sizes.SelectMany(group => group).Select(pod => $"Pod {pod.Namespace}/{pod.Pod}")],
            };
        }

        foreach (var agent in Agents(view))
        {
            yield return agent;
        }

        if (view.Objects.Of(ResourceKinds.Node).FirstOrDefault(IsOld) is { } old)
        {
            yield return new(TooOld, old, $"{old.Title} runs kubelet {Version(old)}: SCTP is part of Kubernetes from 1.20 on.")
            {
                Evidence = [$"status.nodeInfo.kubeletVersion: {Version(old)}"],
                Fix = "Upgrade to 1.20 or later; before, the feature gate SCTPSupport=true on the API server, kubelets and proxies.",
                Concerns = [.. view.Objects.Of(ResourceKinds.Node).Where(IsOld).Select(node => node.Title)],
            };
        }
    }

    private static IEnumerable<Diagnosis> Agents(ClusterView view) =>
        from agent in view.Objects.Of(ResourceKinds.DaemonSet)
        where agent.Name.Contains("kubearmor", StringComparison.OrdinalIgnoreCase) && view.Pods.Any(pod => pod.SpeaksSctp)
        select new Diagnosis(SecurityModule, agent, $"{agent.Title} watches the nodes: KubeArmor has denied accept() on SCTP sockets as an unknown protocol.")
        {
            Evidence = [$"{agent.Title}: {agent.Spec.Field("template").Field("spec").Field("containers").Objects().FirstOrDefault()?["image"].AsText()}"],
            Fix = "See whether a KubeArmorPolicy restricts network protocols of the SCTP Pods (karmor log), and allow SCTP (raw) there.",
        };

    private static string? Version(ClusterObject node) => node.Status.Field("nodeInfo").Field("kubeletVersion").AsText();

    private static bool IsOld(ClusterObject node) => Version(node)?.TrimStart('v').Split('.') is ["1", var minor, ..] && int.TryParse(minor, System.Globalization.CultureInfo.InvariantCulture, out var number) && number < 20;
}
