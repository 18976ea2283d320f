using Trunkline.Operations.Cluster;
using Trunkline.Operations.Doctor.View;
using Trunkline.Operations.Findings;

namespace Trunkline.Operations.Doctor.Checks;

/// <summary>What happens to SCTP that comes from outside: sources hidden, nodes without endpoints, ports that peers do not know, load balancers without SCTP.</summary>
internal sealed class Exposure : IDoctorCheck
{
    public static readonly RuleInfo SourceHidden = new("DOC070", "source-hidden", Severity.Info, "An SCTP Service with externalTrafficPolicy Cluster hides its peers behind the nodes' addresses.",
        "The proxy puts the node's address in place of the peer's, on a port of its own choice. A base station that is known by its address or keeps its source port is not recognised, its other addresses do not work, and policies see the node. Local keeps the source.",
        "Kubernetes: externalTrafficPolicy; 5g-charts#110, free5gc#43");

    public static readonly RuleInfo NoLocal = new("DOC071", "local-without-endpoint", Severity.Warning, "An SCTP Service with externalTrafficPolicy Local has nodes without an endpoint: they drop what comes to them.",
        "Under Local a node hands on only to its own Pods and keeps silent without one. Peers must use a node that has an endpoint, or every node that they use must have one (a DaemonSet).", "Kubernetes: externalTrafficPolicy Local; cluster.md 7.1");

    public static readonly RuleInfo FixedPort = new("DOC072", "node-port-is-not-the-peers", Severity.Warning, "A Service publishes a protocol's own SCTP port by another nodePort.",
        "Base stations and signalling peers use the port that IANA or 3GPP gave (38412 for N2), which lies outside the range of nodePorts. They have to be told the nodePort, or reach the Service by a load balancer, an external address, or the Pod by a secondary network.",
        "5g-charts#110, free5gc#43; 3GPP TS 38.412");

    public static readonly RuleInfo NoBalancer = new("DOC075", "load-balancer-pending", Severity.Error, "An SCTP Service of type LoadBalancer has no address.",
        "Nobody gives it one: most clouds' load balancers carry TCP and UDP only, and on bare metal a controller (MetalLB, LoxiLB) has to be there.", "Kubernetes: LoadBalancer; learn.microsoft.com 573521");

    public IReadOnlyList<RuleInfo> Rules { get; } = [SourceHidden, NoLocal, FixedPort, NoBalancer];

    public IReadOnlyList<ResourceKind> Needs { get; } = [ResourceKinds.Service, ResourceKinds.Pod, ResourceKinds.Node];

    public IEnumerable<Diagnosis> Look(ClusterView view) => view.Services.Where(service => service.IsSctp && service.IsExternal).SelectMany(service => (Diagnosis[])[.. Hidden(service), .. Local(view, service), .. Port(service), .. Balancer(view, service)]);

    private static IEnumerable<Diagnosis> Hidden(ServiceView service)
    {
        if (service.TrafficPolicy == "Cluster")
        {
            var known = service.SctpPorts.Select(port => Advice.Telecom(port.Number)).FirstOrDefault(word => word is not null);
            yield return new(SourceHidden, service.Source, $"{service.Title} hides its peers' addresses and ports behind the nodes'{(known is null ? "" : $", and {known} peers are known by theirs")}.")
            {
                Severity = known is null ? Severity.Info : Severity.Warning,
                Evidence = [$"type: {service.Type}, externalTrafficPolicy: Cluster", $"SCTP ports: {Advice.List(service.SctpPorts.Select(port => port.Word))}"],
                Fix = $"kubectl -n {service.Namespace} patch service {service.Source.Name} -p '{{\"spec\":{{\"externalTrafficPolicy\":\"Local\"}}}}' (peers must then use nodes that run an endpoint)",
                Concerns = [.. service.Pods.Select(pod => pod.Title)],
            };
        }
    }

    private static IEnumerable<Diagnosis> Local(ClusterView view, ServiceView service)
    {
        var holders = service.Pods.Where(pod => pod is { IsTemplate: false } && pod.Ready != false && pod.NodeName is not null).Select(pod => pod.NodeName!).ToHashSet(StringComparer.Ordinal);
        if (service.TrafficPolicy != "Local" || service.Type != "NodePort" || holders.Count == 0)
        {
            yield break; // a load balancer asks healthCheckNodePort; without any endpoint DOC020 and DOC021 speak
        }

        var empty = view.Objects.Of(ResourceKinds.Node).Where(node => !holders.Contains(node.Name) && !node.Spec.Field("unschedulable").IsTrue()
            && !node.Spec.Field("taints").Objects().Any(taint => taint["effect"].AsText() is "NoSchedule" or "NoExecute")).Select(node => node.Name).ToList();
        if (empty.Count > 0)
        {
            yield return new(NoLocal, service.Source, $"{service.Title} is silent at {Advice.List(empty)}: externalTrafficPolicy is Local and no endpoint runs there.")
            {
                Evidence = [$"endpoints run on: {Advice.List(holders)}", $"nodePorts: {Advice.List(service.SctpPorts.Where(port => port.NodePort is not null).Select(port => $"{port.NodePort}"))}"],
                Fix = "Point peers at the nodes with endpoints, run a Pod on every node that peers use, or set externalTrafficPolicy to Cluster (which hides the peers' addresses).",
                Concerns = [.. service.Pods.Select(pod => pod.Title), .. empty.Select(node => $"Node {node}")],
            };
        }
    }

    private static IEnumerable<Diagnosis> Port(ServiceView service)
    {
        foreach (var port in service.SctpPorts.Where(port => service.Type == "NodePort" && port.NodePort is not null && port.NodePort != port.Number && !service.Source.Spec.Field("externalIPs").Texts().Any()))
        {
            var known = Advice.Telecom(port.Number) ?? port.TargetsOn(service.Pods.Count > 0 ? service.Pods[0] : null).Select(Advice.Telecom).FirstOrDefault(word => word is not null);
            if (known is not null)
            {
                yield return new(FixedPort, service.Source, $"{service.Title} publishes {known} at nodePort {port.NodePort}, and its peers expect {(Advice.Telecom(port.Number) is null ? port.TargetNumber : port.Number)}.")
                {
                    Evidence = [$"port: {port.Word}, nodePort: {port.NodePort} (the range of nodePorts is 30000 to 32767 unless the API server says otherwise)"],
                    Fix = $"Tell the peers port {port.NodePort}, or publish the port itself: type LoadBalancer (MetalLB, LoxiLB), externalIPs, hostNetwork, or a secondary network (Multus).",
                };
            }
        }
    }

    private static IEnumerable<Diagnosis> Balancer(ClusterView view, ServiceView service)
    {
        if (service.Type != "LoadBalancer" || service.Source.Status is not { } status || status["loadBalancer"].Field("ingress").Objects().Any())
        {
            yield break;
        }

        var cloud = view.Objects.Of(ResourceKinds.Node).Select(node => node.Spec.Field("providerID").AsText()).OfType<string>().Select(Cloud).FirstOrDefault(word => word is not null);
        yield return new(NoBalancer, service.Source, $"{service.Title} has no address: {(cloud is null ? "nobody gives one to a Service of type LoadBalancer here" : $"{cloud} carries no SCTP")}.")
        {
            Evidence = ["status.loadBalancer: empty", .. cloud is null ? Array.Empty<string>() : [$"nodes' providerID: {view.Objects.Of(ResourceKinds.Node).Select(node => node.Spec.Field("providerID").AsText()).First(id => id is not null && Cloud(id) is not null)}"]],
            Fix = cloud is null ? "Install a load balancer that knows SCTP (MetalLB announces any protocol, LoxiLB balances SCTP), give its pool an address, or use a NodePort." : "Use a NodePort with the nodes' own addresses, or LoxiLB inside the cluster.",
        };
    }

    private static string? Cloud(string provider) => provider.Split(':')[0] switch
    {
        "aws" => "AWS's load balancer",
        "azure" => "Azure's load balancer",
        "gce" => "Google's load balancer (with more than one endpoint)",
        "ibm" => "IBM Cloud's load balancer",
        "digitalocean" => "DigitalOcean's load balancer",
        "hcloud" => "Hetzner's load balancer",
        _ => null,
    };
}
