using Trunkline.Operations.Cluster;
using Trunkline.Operations.Doctor.View;
using Trunkline.Operations.Findings;
using Trunkline.Operations.Objects;
using Trunkline.Policy.Model;

namespace Trunkline.Operations.Doctor.Checks;

/// <summary>NetworkPolicies whose ports are not those at which SCTP is served.</summary>
internal sealed class PolicyPorts : IDoctorCheck
{
    public static readonly RuleInfo NotServed = new("DOC090", "policy-port-not-served", Severity.Error, "A NetworkPolicy allows an SCTP port that none of its Pods serves, such as the Service's port in place of the Pod's.",
        "Policies are asked after the Service's translation: the port is the Pod's own (targetPort). Service port and nodePort mean nothing there. A name must be declared by the Pod, with protocol SCTP.", "Kubernetes: NetworkPolicy ports; cluster.md 6.6, 6.8");

    public static readonly RuleInfo Tcp = new("DOC091", "policy-port-tcp-for-sctp", Severity.Error, "A NetworkPolicy's port is TCP (also by leaving the protocol out) where its Pods serve SCTP.",
        "A port without protocol is TCP, and opens nothing for SCTP. The Pods are isolated by the same policy, so SCTP to them is dropped.", "Kubernetes: NetworkPolicyPort, protocol; k8s#87305");

    public IReadOnlyList<RuleInfo> Rules { get; } = [NotServed, Tcp];

    public IReadOnlyList<ResourceKind> Needs { get; } = [ResourceKinds.NetworkPolicy, ResourceKinds.Pod, ResourceKinds.Service];

    public IEnumerable<Diagnosis> Look(ClusterView view)
    {
        var services = view.Services.SelectMany(service => service.Pods.Select(pod => (pod, service))).ToLookup(pair => pair.pod, pair => pair.service);
        var served = view.Pods.Where(pod => pod.SpeaksSctp).ToDictionary(pod => pod, pod => Served(pod, services[pod]).ToList());
        var bySelector = new Dictionary<(string Namespace, string Selector), Lazy<List<PodView>>>();
        foreach (var (source, policy) in view.Policies.Policies)
        {
            foreach (var direction in new[] { TrafficDirection.Ingress, TrafficDirection.Egress }.Where(policy.Isolates))
            {
                // Many policies are about the same Pods.
                if (!bySelector.TryGetValue((policy.Namespace, $"{policy.PodSelector}"), out var selected))
                {
                    bySelector[(policy.Namespace, $"{policy.PodSelector}")] = selected = new(() => [.. view.Policies.Selected(policy).Where(pod => pod.SpeaksSctp)]);
                }

                for (var at = 0; at < policy.Rules(direction).Count; at++)
                {
                    var rule = policy.Rules(direction)[at];
                    var servers = direction == TrafficDirection.Ingress ? selected : new Lazy<List<PodView>>(() => Destinations(view, policy, rule));
                    for (var port = 0; port < rule.Ports.Count; port++)
                    {
                        var place = $"{(direction == TrafficDirection.Ingress ? "ingress" : "egress")}[{at}].ports[{port}]";
                        if (Port(source, rule.Ports[port], place, servers, served, services, rule) is { } found)
                        {
                            yield return found;
                        }
                    }
                }
            }
        }
    }

    // Whom a rule of egress means, as far as they are Pods; nobody where it names no peer or addresses, for then what is meant may be anything.
    private static List<PodView> Destinations(ClusterView view, NetworkPolicy policy, PolicyRule rule) => rule.Peers.Count == 0 || rule.Peers.Any(peer => peer.IpBlock is not null)
        ? []
        : [.. view.Pods.Where(pod => pod.SpeaksSctp && view.Policies.Of(pod) is { } model && rule.Peers.Any(peer => view.Policies.Cluster.Selects(peer, policy.Namespace, model)))];

    private static Diagnosis? Port(ClusterObject source, PolicyPort port, string place, Lazy<List<PodView>> servers, Dictionary<PodView, List<int>> served, ILookup<PodView, ServiceView> services, PolicyRule rule)
    {
        if (port is { Name: null, Number: null } || port.Protocol == TransportProtocol.Udp)
        {
            return null;
        }

        var pods = servers.Value;
        return pods.Count == 0 ? null : port.Protocol == TransportProtocol.Tcp ? AsTcp(source, port, place, pods, rule) : AsSctp(source, port, place, pods, served, services);
    }

    private static Diagnosis? AsTcp(ClusterObject source, PolicyPort port, string place, List<PodView> pods, PolicyRule rule)
    {
        if (!pods.Exists(pod => pod.Ports.Any(declared => declared.Protocol == "SCTP" && Covers(port, declared))))
        {
            return null;
        }

        var meant = pods.SelectMany(pod => pod.Ports.Where(declared => declared.Protocol == "SCTP" && Covers(port, declared)).Select(declared => (pod, declared))).ToList();
        // A rule that also opens the port for SCTP, or a Pod that serves TCP there, means what it says.
        if (pods.Exists(pod => pod.Ports.Any(declared => declared.Protocol == "TCP" && Covers(port, declared)))
            || rule.Ports.Any(other => other.Protocol == TransportProtocol.Sctp && (other is { Name: null, Number: null } || meant.Exists(pair => Covers(other, pair.declared)))))
        {
            return null;
        }

        return new(Tcp, source, $"{source.Title} allows {port} at {place}, and its Pods serve SCTP there: SCTP stays closed.")
        {
            Evidence = [$"{place}: {port} (a port without protocol is TCP)", Advice.Ports(meant[0].pod)],
            Fix = $"Write protocol: SCTP at spec.{place}.",
            Concerns = [.. pods.Select(pod => pod.Title)],
            Explains = [.. meant.Select(pair => Trouble.Closed(pair.pod, pair.declared.Number))],
        };
    }

    private static Diagnosis? AsSctp(ClusterObject source, PolicyPort port, string place, List<PodView> pods, Dictionary<PodView, List<int>> known, ILookup<PodView, ServiceView> services)
    {
        var hit = port.Name is null
            ? pods.Exists(pod => known[pod].Exists(number => Covers(port, number)))
            : pods.Exists(pod => pod.Ports.Any(declared => declared.Name == port.Name && declared.Protocol == "SCTP"));
        if (hit || (port.Name is null && pods.TrueForAll(pod => known[pod].Count == 0)))
        {
            return null;
        }

        var served = pods.SelectMany(pod => known[pod].Select(number => (pod, number))).ToList();

        var leading = port.Number is not { } number ? null : (from pod in pods
                                                              from service in services[pod]
                                                              from leads in service.SctpPorts
                                                              where leads.Number == number || leads.NodePort == number
                                                              select $"{number} is {(leads.Number == number ? "the port" : "the nodePort")} of {service.Title}, which leads to {Advice.List(leads.TargetsOn(pod).Select(target => $"{target}"))}").FirstOrDefault();
        var other = port.Name is null ? null : pods.SelectMany(pod => pod.Ports).FirstOrDefault(declared => declared.Name == port.Name);
        return new(NotServed, source, port.Name is not null
            ? $"{source.Title} allows {port} at {place}, a name that its Pods {(other is null ? "do not declare" : $"declare for {other.Protocol} only")}."
            : $"{source.Title} allows {port} at {place}, and its Pods serve SCTP at {Advice.List(served.Select(pair => $"{pair.number}"))}.")
        {
            Evidence = [$"{place}: {port}", .. leading is null ? Array.Empty<string>() : [leading], Advice.Ports(pods[0])],
            Fix = served.Count > 0 ? $"Write port: {Advice.List(served.Select(pair => $"{pair.number}"))} at spec.{place}: the Pod's port, not the Service's." : $"Declare the container's port \"{port.Name}\" with protocol: SCTP.",
            Concerns = [.. pods.Select(pod => pod.Title)],
            Explains = [.. served.Select(pair => Trouble.Closed(pair.pod, pair.number)), .. pods.SelectMany(pod => pod.SctpPorts.Select(number => Trouble.Closed(pod, number)))],
        };
    }

    // What the Pod declares and runs; where it says nothing, what its Services lead to.
    private static IEnumerable<int> Served(PodView pod, IEnumerable<ServiceView> services)
    {
        var own = pod.SctpPorts.Concat(pod.Containers.SelectMany(container => SctpCommands.Netcats(container.Line))
            .Where(call => SctpCommands.Listens(call) && call.Contains("--sctp", StringComparison.Ordinal)).Select(SctpCommands.ListenPort).OfType<int>()).Distinct().ToList();
        return own.Count > 0 ? own : services.SelectMany(service => service.SctpPorts).SelectMany(port => port.TargetsOn(pod)).Distinct();
    }

    private static bool Covers(PolicyPort port, PortView declared) => port.Name is null ? Covers(port, declared.Number) : port.Name == declared.Name;

    private static bool Covers(PolicyPort port, int number) => number >= port.Number && number <= (port.EndNumber ?? port.Number);
}
