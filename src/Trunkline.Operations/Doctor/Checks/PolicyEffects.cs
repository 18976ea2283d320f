using System.Net;
using Trunkline.Operations.Cluster;
using Trunkline.Operations.Doctor.View;
using Trunkline.Operations.Findings;
using Trunkline.Policy.Compiled;
using Trunkline.Policy.Evaluation;
using Trunkline.Policy.Findings;
using Trunkline.Policy.Model;

namespace Trunkline.Operations.Doctor.Checks;

/// <summary>What policies do to SCTP in the cluster as it is: nobody let in, outside kept out, rules that say nothing.</summary>
internal sealed class PolicyEffects : IDoctorCheck
{
    public static readonly RuleInfo BlocksAll = new("DOC092", "policies-block-all", Severity.Error, "Policies isolate Pods that serve SCTP, and let nobody else in at their port.",
        "Any policy that selects a Pod isolates it; what no rule allows is dropped in silence, so INITs are repeated until they time out. A broken indentation (spec under metadata) leaves an empty spec, which selects all Pods and allows nothing.", "Kubernetes: NetworkPolicy; k8s#87305; cluster.md 3, SCTP001");

    public static readonly RuleInfo BlocksOutside = new("DOC093", "policies-block-outside", Severity.Warning, "A NodePort or load balancer publishes SCTP, and policies keep everybody outside the cluster away.",
        "Clients from outside are no Pods: only a rule without peers or an ipBlock lets them in. With externalTrafficPolicy Cluster the source is the node's address.", "Kubernetes: NetworkPolicy ipBlock; cluster.md 3, SCTP013");

    public static readonly RuleInfo SaysNothing = new("DOC094", "policy-means-nobody", Severity.Warning, "A policy about SCTP selects no Pod, or a peer of it is nobody, in the cluster as it is.",
        "Take it away and every verdict between all Pods and addresses stays the same. Labels of namespaces and Pods are what a policy hangs on: they differ by a letter, stand in another namespace, or the Pods are not there yet.", "Kubernetes: NetworkPolicy; cluster.md 2.12");

    public IReadOnlyList<RuleInfo> Rules { get; } = [BlocksAll, BlocksOutside, SaysNothing];

    public IReadOnlyList<ResourceKind> Needs { get; } = [ResourceKinds.NetworkPolicy, ResourceKinds.Pod, ResourceKinds.Namespace, ResourceKinds.Service];

    public IEnumerable<Diagnosis> Look(ClusterView view) => view.Objects.Of(ResourceKinds.NetworkPolicy).Count + view.Objects.Of(ResourceKinds.ClusterNetworkPolicy).Count == 0
        ? []
        : [.. Blocked(view), .. Outside(view), .. Without(view)];

    private static IEnumerable<Diagnosis> Blocked(ClusterView view)
    {
        var services = view.Services.SelectMany(service => service.SctpPorts.SelectMany(port => service.Pods.SelectMany(pod => port.TargetsOn(pod).Select(target => (pod, target, service)))))
            .ToLookup(entry => (entry.pod, entry.target), entry => entry.service);
        var matrices = new Dictionary<int, PolicyMatrix>();
        foreach (var pod in view.Pods.Where(pod => pod.SpeaksSctp && pod is { IsTemplate: false, IsOver: false, HostNetwork: false } && pod.Addresses.Count > 0))
        {
            var model = view.Policies.Of(pod)!;
            var isolating = view.Policies.Cluster.Isolating(model, TrafficDirection.Ingress);
            if (model.Addresses.Count == 0)
            {
                continue;
            }

            if (view.Policies.Cluster.ClusterPolicies.Count > 0)
            {
                foreach (var found in ByTiers(view, matrices, pod, model, services))
                {
                    yield return found;
                }
            }

            if (isolating.Count == 0)
            {
                continue;
            }

            foreach (var port in pod.SctpPorts)
            {
                var letting = isolating.SelectMany(policy => policy.Ingress).Where(rule => rule.Ports.Count == 0 || rule.Ports.Any(one => Opens(one, pod, port))).ToList();
                var meant = services[(pod, port)].Any() || isolating.Any(policy => policy.Ingress.Any(rule => rule.Ports.Any(one => one.Protocol == TransportProtocol.Sctp)));
                if (!meant || letting.Exists(rule => rule.Peers.Count == 0 || rule.Peers.Any(peer => peer.IpBlock is not null)))
                {
                    continue;
                }

                if (letting.Count > 0 && Column(view, matrices, model, port) > 1)
                {
                    continue;
                }

                var first = view.Policies.Policies.First(pair => ReferenceEquals(pair.Policy, isolating[0])).Source;
                yield return new(BlocksAll, first, $"{Advice.List(isolating.Select(policy => $"NetworkPolicy {policy}"))} {(isolating.Count == 1 ? "lets" : "let")} nobody reach {view.Owner(pod).Title} at {port}/SCTP.")
                {
                    Severity = letting.Count == 0 ? Severity.Error : Severity.Warning,
                    Evidence = [.. isolating.Select(policy => $"{policy} isolates {pod.Title}: {Rules_(policy)}"), letting.Count == 0 ? $"no rule allows {port}/SCTP" : "the rules for this port name peers that are nobody now"],
                    Fix = $"Allow it: a rule of ingress with ports: [{{protocol: SCTP, port: {port}}}] and the peers that should come in.",
                    Concerns = [pod.Title, view.Owner(pod).Title, .. isolating.Select(policy => $"NetworkPolicy {policy}"), .. services[(pod, port)].Select(service => service.Title)],
                    SymptomOf = [Trouble.Closed(pod, port)],
                    Cause = $"{view.Owner(pod).Title} {port} {string.Join(' ', isolating)}",
                };
            }
        }
    }

    // ClusterNetworkPolicies decide before and after NetworkPolicies: the verdict itself says which rule it was.
    private static IEnumerable<Diagnosis> ByTiers(ClusterView view, Dictionary<int, PolicyMatrix> matrices, PodView pod, PolicyPod model, ILookup<(PodView, int), ServiceView> services)
    {
        foreach (var port in pod.SctpPorts.Where(port => services[(pod, port)].Any()))
        {
            var other = view.Policies.Cluster.Pods.FirstOrDefault(one => one.IsSelectable && !ReferenceEquals(one, model));
            if (other is null || Column(view, matrices, model, port) > 1)
            {
                continue;
            }

            var verdict = PolicyEvaluator.Evaluate(view.Policies.Cluster, FlowEnd.Of(other), FlowEnd.Of(model), TransportProtocol.Sctp, port);
            if (verdict.Ingress is { Reason: VerdictReason.Denied, ClusterRule: { } rule })
            {
                yield return new(BlocksAll, $"ClusterNetworkPolicy {rule.Policy.Name}", $"ClusterNetworkPolicy {rule.Policy.Name} lets nobody reach {view.Owner(pod).Title} at {port}/SCTP.")
                {
                    Evidence = [$"from {other}: {verdict.Ingress}"],
                    Fix = $"Accept SCTP at port {port} from the peers that should come in, by a rule before this one or by a policy of a lower priority number.",
                    Concerns = [pod.Title, view.Owner(pod).Title, .. services[(pod, port)].Select(service => service.Title)],
                    SymptomOf = [Trouble.Closed(pod, port)],
                    Cause = $"{view.Owner(pod).Title} {port} {rule.Policy.Name}",
                };
            }
        }
    }

    private static int Column(ClusterView view, Dictionary<int, PolicyMatrix> matrices, PolicyPod pod, int port)
    {
        var compiled = view.Policies.Compiled;
        if (!matrices.TryGetValue(port, out var matrix))
        {
            matrices[port] = matrix = compiled.Matrix(TransportProtocol.Sctp, port, pod.Addresses[0].AddressFamily);
        }

        return matrix.Column(compiled.IndexOf(pod)).Count;
    }

    private static bool Opens(PolicyPort port, PodView pod, int number) => port.Protocol == TransportProtocol.Sctp && (port.Name is not null
        ? pod.Ports.Any(declared => declared.Name == port.Name && declared.Protocol == "SCTP" && declared.Number == number)
        : port.Number is null || (number >= port.Number && number <= (port.EndNumber ?? port.Number)));

    private static string Rules_(NetworkPolicy policy) => policy.Ingress.Count == 0 ? "it has no rule of ingress" : string.Join("; ", policy.Ingress.Select((rule, at) => $"ingress[{at}]: {(rule.Ports.Count == 0 ? "all ports" : string.Join(", ", rule.Ports))} from {(rule.Peers.Count == 0 ? "everybody" : string.Join(", ", rule.Peers))}"));

    private static IEnumerable<Diagnosis> Outside(ClusterView view)
    {
        foreach (var service in view.Services.Where(service => service is { IsSctp: true, IsExternal: true }))
        {
            foreach (var port in service.SctpPorts)
            {
                var pods = service.Pods.Where(pod => pod is { IsTemplate: false, HostNetwork: false } && view.Policies.Of(pod) is { Addresses.Count: > 0 }).ToList();
                var kept = pods.Where(pod => port.TargetsOn(pod).Any(target => KeptOut(view, pod, target))).ToList();
                if (kept.Count == 0 || kept.Count < pods.Count)
                {
                    continue;
                }

                var isolating = view.Policies.Cluster.Isolating(view.Policies.Of(kept[0])!, TrafficDirection.Ingress);
                yield return new(BlocksOutside, service.Source, $"{service.Title} publishes {port.Word} by {service.Type}, and policies let nobody from outside reach its Pods.")
                {
                    Evidence = [.. isolating.Select(policy => $"{policy} isolates {kept[0].Title}: {Rules_(policy)}"), $"externalTrafficPolicy: {service.TrafficPolicy}{(service.TrafficPolicy == "Cluster" ? " (the source is then a node's address)" : "")}"],
                    Fix = $"Allow the clients by an ipBlock, for SCTP at port {Advice.List(port.TargetsOn(kept[0]).Select(target => $"{target}"))}; or make the Service a ClusterIP if nobody outside is meant.",
                    Concerns = [.. kept.Select(pod => pod.Title), .. isolating.Select(policy => $"NetworkPolicy {policy}")],
                    SymptomOf = [.. kept.SelectMany(pod => port.TargetsOn(pod).Select(target => Trouble.Closed(pod, target)))],
                };
            }
        }
    }

    private static bool KeptOut(ClusterView view, PodView pod, int port)
    {
        var model = view.Policies.Of(pod)!;
        var isolating = view.Policies.Cluster.Isolating(model, TrafficDirection.Ingress);
        var named = isolating.SelectMany(policy => policy.Ingress).Any(rule => rule.Peers.Any(peer => peer.IpBlock is not null) && (rule.Ports.Count == 0 || rule.Ports.Any(one => Opens(one, pod, port))));
        // Any address that no rule names stands for the clients (RFC 5737, RFC 3849: kept for documentation).
        var stranger = IPAddress.Parse(model.Addresses[0].AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? "198.51.100.77" : "2001:db8:ffff::77");
        return isolating.Count > 0 && !named && !view.Policies.Compiled.IsAllowed(TrafficDirection.Ingress, FlowEnd.Of(stranger), FlowEnd.Of(model), TransportProtocol.Sctp, port);
    }

    private static IEnumerable<Diagnosis> Without(ClusterView view)
    {
        var about = view.Policies.Policies.Where(pair => pair.Policy.Ingress.Concat(pair.Policy.Egress).Any(rule => rule.Ports.Any(port => port.Protocol == TransportProtocol.Sctp)))
            .ToDictionary(pair => $"{pair.Policy}", pair => pair, StringComparer.Ordinal);
        if (about.Count == 0)
        {
            yield break;
        }

        var found = PolicyFindings.Mistakes(view.Policies.Cluster, (name, isCluster) => !isCluster && about.ContainsKey(name));
        foreach (var policy in found.GroupBy(finding => finding.Policy))
        {
            var (source, model) = about[policy.Key];
            var selected = view.Policies.Selected(model).ToList();
            // Templates of Pods that do not run yet count as Pods; names of ports are DOC090's.
            var plain = policy.Where(finding => finding.Kind != FindingKind.PortNameUnknown && !(finding.Kind == FindingKind.SelectsNobody && selected.Count > 0)).ToList();
            if (plain.Count == 0)
            {
                continue;
            }

            yield return new(SaysNothing, source, $"{source.Title} has parts that say nothing in this cluster: {plain[0].Why}.")
            {
                Evidence = [.. plain.Select(finding => $"{finding}")],
                Fix = plain[0].Kind switch
                {
                    FindingKind.SelectsNobody => "Make spec.podSelector match the labels of the server's Pods, in the policy's own namespace.",
                    FindingKind.PeerMatchesNobody => "Make the peer's selectors match labels of namespaces and Pods that there are (kubectl get pods -A --show-labels; kubectl get ns --show-labels).",
                    FindingKind.DirectionNotNamed => "Name the direction in spec.policyTypes.",
                    _ => "Mend the rule: as it stands it fails closed.",
                },
                Concerns = [.. selected.Select(pod => pod.Title)],
            };
        }
    }
}
