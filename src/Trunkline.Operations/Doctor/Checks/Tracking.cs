using Trunkline.Operations.Cluster;
using Trunkline.Operations.Doctor.Facts;
using Trunkline.Operations.Doctor.View;
using Trunkline.Operations.Findings;

namespace Trunkline.Operations.Doctor.Checks;

/// <summary>What conntrack of the nodes holds and knows.</summary>
internal sealed class Tracking : IDoctorCheck
{
    public static readonly RuleInfo Stale = new("DOC060", "stale-conntrack", Severity.Error, "A node's conntrack still translates an SCTP flow to a Pod that is gone.",
        "Packets with the same addresses and ports follow the old entry, not the Service's present endpoints. SCTP clients keep their source port (a gNB always does), and each INIT refreshes the entry, so it does not end by itself. kube-proxy sweeps UDP's entries only.",
        "k8s#70020, #101968, #106651, #108523");

    public static readonly RuleInfo NodeSource = new("DOC065", "server-leaves-as-node", Severity.Warning, "An association that a Service's Pod began itself leaves with the node's address in place of the Service's.",
        "A Service translates what comes to it. What a Pod begins (a restart, an INIT of the server) is masqueraded as the node, and a peer that knows the Service's address only does not recognise it. An egress IP, externalIPs with LoxiLB, or a secondary network gives it a fixed address.",
        "k8s#102198, #102128");

    public static readonly RuleInfo NoSctp = new("DOC080", "conntrack-without-sctp", Severity.Error, "A node's conntrack does not know SCTP, so Services do not translate it.",
        "Without SCTP in conntrack (nf_conntrack_proto_sctp, CONFIG_NF_CT_PROTO_SCTP) its packets have no ports to translate, and rules that drop INVALID packets drop INIT ACKs. Kernels before 4.11 have it as a module of its own.", "calico#2570, felix#2195");

    public static readonly RuleInfo Invalid = new("DOC081", "invalid-packets", Severity.Warning, "A node's conntrack calls SCTP packets INVALID, and the network plugin drops those.",
        "A packet of an association that conntrack did not see from the start, one with a wrong checksum (nf_conntrack_checksum) or on another path is INVALID. Calico drops such packets by default.", "calico#2570; k8s#102646; nf_conntrack-sysctl");

    private const int ManyInvalid = 100;

    public IReadOnlyList<RuleInfo> Rules { get; } = [Stale, NodeSource, NoSctp, Invalid];

    public IReadOnlyList<ResourceKind> Needs { get; } = [ResourceKinds.Pod, ResourceKinds.Service, ResourceKinds.Node];

    public IEnumerable<Diagnosis> Look(ClusterView view)
    {
        var addresses = view.Objects.Of(ResourceKinds.Node).SelectMany(node => node.Status.Field("addresses").Objects()).Select(address => address["address"].AsText()).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var fronts = Fronts(view, addresses);
        foreach (var node in view.Facts.Nodes)
        {
            foreach (var found in Entries(view, node, fronts, addresses))
            {
                yield return found;
            }

            if (node.ConntrackSctp == false)
            {
                yield return new(NoSctp, $"Node {node.Node}", $"Node {node.Node}: conntrack does not know SCTP.")
                {
                    Evidence = [$"/proc/sys/net/netfilter/nf_conntrack_sctp_timeout_established: missing ({node.ReadBy})", Kernel(view, node.Node)],
                    Fix = "modprobe nf_conntrack_proto_sctp (and write it to /etc/modules-load.d), or run a kernel with CONFIG_NF_CT_PROTO_SCTP.",
                    Cause = "conntrack",
                };
            }

            if (node.ConntrackInvalid > ManyInvalid)
            {
                yield return new(Invalid, $"Node {node.Node}", $"Node {node.Node}: conntrack could not place {node.ConntrackInvalid} packets (of any protocol).")
                {
                    Evidence = [$"/proc/net/stat/nf_conntrack, invalid: {node.ConntrackInvalid} ({node.ReadBy})"],
                    Fix = "See which: sysctl net.netfilter.nf_conntrack_log_invalid=132 and dmesg. If checksums are wrong after a tunnel: net.netfilter.nf_conntrack_checksum=0.",
                    Cause = "invalid",
                    Severity = Severity.Info,
                };
            }
        }

        foreach (var node in view.Objects.Of(ResourceKinds.Node).Where(node => view.Facts.Node(node.Name)?.ConntrackSctp is null && IsOld(node.Status.Field("nodeInfo").Field("kernelVersion").AsText())))
        {
            yield return new(NoSctp, node, $"{node.Title} has a kernel in which conntrack's SCTP is a module of its own, which may be missing.")
            {
                Severity = Severity.Warning,
                Evidence = [Kernel(view, node.Name)],
                Fix = "modprobe nf_conntrack_proto_sctp, or a kernel of 4.11 or later.",
                Cause = "old kernel",
            };
        }
    }

    private static Dictionary<(string Address, int Port), ServiceView> Fronts(ClusterView view, HashSet<string> nodes)
    {
        var fronts = new Dictionary<(string, int), ServiceView>();
        foreach (var service in view.Services.Where(service => service.IsSctp))
        {
            var outside = service.Source.Status.Field("loadBalancer").Field("ingress").Objects().Select(item => item["ip"].AsText()).OfType<string>().Concat(service.Source.Spec.Field("externalIPs").Texts());
            foreach (var port in service.SctpPorts)
            {
                foreach (var address in service.ClusterAddresses.Concat(outside))
                {
                    fronts[(address, port.Number)] = service;
                }

                foreach (var address in port.NodePort is null ? [] : nodes)
                {
                    fronts[(address, port.NodePort!.Value)] = service;
                }
            }
        }

        return fronts;
    }

    private static IEnumerable<Diagnosis> Entries(ClusterView view, NodeFacts node, Dictionary<(string Address, int Port), ServiceView> fronts, HashSet<string> nodes)
    {
        foreach (var entry in node.Conntrack ?? [])
        {
            if (fronts.TryGetValue((entry.Destination, entry.DestinationPort), out var service) && entry.ReplySource != entry.Destination && IsGone(view, service, entry.ReplySource, nodes))
            {
                yield return new(Stale, service.Source, $"{service.Title}: conntrack of Node {node.Node} still sends {entry.Source}:{entry.SourcePort} to {entry.ReplySource}, which is no endpoint any more.")
                {
                    Evidence = [$"{entry} ({node.ReadBy})", $"the Service's Pods have: {Advice.List(service.Pods.SelectMany(pod => pod.Addresses).DefaultIfEmpty("no address"))}"],
                    Fix = $"On the node: conntrack -D -p sctp --orig-dst {entry.Destination} --orig-port-dst {entry.DestinationPort}",
                    Concerns = [$"Node {node.Node}"],
                    Cause = service.Title,
                };
            }
            else if (view.PodAt(entry.Source) is { } pod && nodes.Contains(entry.ReplyDestination) && view.PodAt(entry.Destination) is null && !fronts.ContainsKey((entry.Destination, entry.DestinationPort))
                && view.Services.FirstOrDefault(one => one is { IsSctp: true, IsExternal: true } && one.Pods.Contains(pod)) is { } behind)
            {
                yield return new(NodeSource, view.Owner(pod), $"{view.Owner(pod).Title} began an association to {entry.Destination}, which sees Node {node.Node}'s address {entry.ReplyDestination} and not that of {behind.Title}.")
                {
                    Evidence = [$"{entry} ({node.ReadBy})", $"{behind.Title} publishes the Pod by {behind.Type}"],
                    Fix = "Let the peer begin, give the Pod a fixed address for what it begins (egress IP, a secondary network), or tell the peer the nodes' addresses.",
                    Concerns = [pod.Title, behind.Title, $"Node {node.Node}"],
                    Cause = view.Owner(pod).Title,
                };
            }
        }
    }

    private static bool IsGone(ClusterView view, ServiceView service, string address, HashSet<string> nodes) => !nodes.Contains(address) && !service.Pods.Any(pod => pod.Addresses.Contains(address))
        && !service.Slices.Any(slice => slice.Document["endpoints"].Objects().Any(endpoint => endpoint["addresses"].Texts().Contains(address))) && (service.Selector.Count > 0 || view.PodAt(address) is null);

    private static string Kernel(ClusterView view, string node) =>
        $"kernel: {(view.Objects.TryFind(ResourceKinds.Node, null, node, out var found) ? found.Status.Field("nodeInfo").Field("kernelVersion").AsText() : null) ?? "not known"}";

    private static bool IsOld(string? kernel) => kernel?.Split('.') is [var major, var minor, ..]
        && int.TryParse(major, System.Globalization.CultureInfo.InvariantCulture, out var first) && int.TryParse(new string([.. minor.TakeWhile(char.IsAsciiDigit)]), System.Globalization.CultureInfo.InvariantCulture, out var second) && (first < 4 || (first == 4 && second < 11));
}
