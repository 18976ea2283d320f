using Trunkline.Operations.Cluster;
using Trunkline.Operations.Doctor.View;
using Trunkline.Operations.Findings;

namespace Trunkline.Operations.Doctor.Checks;

/// <summary>Whether an SCTP Service leads to anybody: selector, readiness, target port.</summary>
internal sealed class ServiceTargets : IDoctorCheck
{
    public static readonly RuleInfo SelectsNothing = new("DOC020", "service-selects-nothing", Severity.Error, "An SCTP Service's selector matches no Pod, or it has neither selector nor endpoints.",
        "A Service without endpoints is answered by its node: an ICMP error or an ABORT, or silence under externalTrafficPolicy Local. It looks like a missing listener. The labels of the Service's selector must all stand on the Pods.",
        "Kubernetes: Services, selectors; k8s#72121, free5gmano#86");

    public static readonly RuleInfo NotReady = new("DOC021", "service-without-ready-endpoints", Severity.Error, "An SCTP Service selects Pods, and none of them is ready.",
        "Only ready Pods are endpoints. While none is, the INIT is refused at the node. The reason stands in the Pods' conditions and container states.", "Kubernetes: EndpointSlices, conditions; cluster.md 2.3");

    public static readonly RuleInfo UnknownName = new("DOC022", "target-port-unknown", Severity.Error, "An SCTP Service's targetPort is a name that no selected Pod declares for SCTP.",
        "A targetPort by name is looked up among the ports that the Pod's containers declare; name and protocol must both match. Pods without it are no endpoints for this port.", "Kubernetes: Services, targetPort");

    public static readonly RuleInfo NotServed = new("DOC023", "target-port-not-served", Severity.Error, "An SCTP Service leads to a port at which its Pods do not listen for SCTP.",
        "The Pod's kernel answers an INIT to a port without listener by an ABORT. containerPort is only a word, but a Pod that declares SCTP at other ports and not at this one is nearly always a mistake in targetPort; with a probe the listeners themselves are read.",
        "RFC 9260 section 8.4; k8s#72121, UERANSIM#302");

    public static readonly RuleInfo StaleSlice = new("DOC025", "endpoint-without-pod", Severity.Error, "An EndpointSlice of an SCTP Service holds an address that is no Pod's.",
        "The INIT is translated to an address where nobody is, and there is silence. The endpoint slice controller puts its slices right by itself: a stale one points at a controller that does not run, or at a slice that was written by hand.",
        "Kubernetes: EndpointSlices");

    public IReadOnlyList<RuleInfo> Rules { get; } = [SelectsNothing, NotReady, UnknownName, NotServed, StaleSlice];

    public IReadOnlyList<ResourceKind> Needs { get; } = [ResourceKinds.Service, ResourceKinds.Pod, ResourceKinds.EndpointSlice];

    public IEnumerable<Diagnosis> Look(ClusterView view) => !view.Objects.WasRead(ResourceKinds.Pod) ? [] : view.Services.Where(service => service.IsSctp && service.Type != "ExternalName").SelectMany(service => Look(view, service));

    private static IEnumerable<Diagnosis> Look(ClusterView view, ServiceView service)
    {
        if (service.Pods.Count == 0)
        {
            return Nobody(view, service);
        }

        return [.. Unready(service), .. service.SctpPorts.SelectMany(port => Target(view, service, port)), .. Stale(view, service)];
    }

    private static IEnumerable<Diagnosis> Nobody(ClusterView view, ServiceView service)
    {
        if (service.Selector.Count == 0)
        {
            if (service.Slices.Count == 0 && view.Objects.WasRead(ResourceKinds.EndpointSlice) && !view.Objects.TryFind(ResourceKinds.Endpoints, service.Source.Namespace, service.Source.Name, out _))
            {
                yield return new(SelectsNothing, service.Source, $"{service.Title} has neither a selector nor EndpointSlices: nobody answers at {Advice.List(service.SctpPorts.Select(port => port.Word))}.")
                {
                    Evidence = ["spec.selector: none", $"EndpointSlices with the label kubernetes.io/service-name={service.Source.Name}: none"],
                    Fix = "Give the Service a selector that matches the server's Pods, or an EndpointSlice with the server's address.",
                };
            }

            yield break;
        }

        var near = Nearest(view, service);
        yield return new(SelectsNothing, service.Source, $"{service.Title} selects no Pod: nobody answers at {Advice.List(service.SctpPorts.Select(port => port.Word))}.")
        {
            Evidence = [$"spec.selector: {Text(service.Selector)}", near is null
                ? $"no Pod in namespace {service.Namespace} has any of these labels"
                : $"nearest is {near.Title} with the labels {Text(near.Labels)}"],
            Fix = near is null
                ? "Start the server's Pods in the Service's own namespace, with the labels of its selector."
                : $"Make the selector and the Pods' labels the same: {Advice.List(service.Selector.Where(pair => near.Labels.GetValueOrDefault(pair.Key) != pair.Value).Select(pair => $"{pair.Key}={pair.Value} is {(near.Labels.TryGetValue(pair.Key, out var value) ? value : "missing")} on {near.Title}"))}.",
            Concerns = near is null ? [] : [near.Title],
        };
    }

    // The Pod that shares most with the selector; else one that speaks SCTP, for it is likely to be the server.
    private static PodView? Nearest(ClusterView view, ServiceView service) => view.PodsIn(service.Namespace).Where(pod => !pod.IsOver)
        .Select(pod => (pod, shared: service.Selector.Count(pair => pod.Labels.GetValueOrDefault(pair.Key) == pair.Value), keys: service.Selector.Count(pair => pod.Labels.ContainsKey(pair.Key))))
        .Where(near => near.keys > 0 || near.pod.SpeaksSctp).OrderByDescending(near => near.shared).ThenByDescending(near => near.keys).ThenByDescending(near => near.pod.SpeaksSctp)
        .Select(near => near.pod).FirstOrDefault();

    private static string Text(IReadOnlyDictionary<string, string> labels) => labels.Count == 0 ? "none" : string.Join(",", labels.Select(pair => $"{pair.Key}={pair.Value}"));

    private static IEnumerable<Diagnosis> Unready(ServiceView service)
    {
        // A Pod without conditions comes from a manifest: nothing is known of its readiness.
        if (service.Source.Spec.Field("publishNotReadyAddresses").IsTrue() || !service.Pods.All(pod => pod.Ready == false || pod.Phase is "Pending"))
        {
            yield break;
        }

        var shown = service.Pods.Take(5).ToList();
        yield return new(NotReady, service.Source, $"{service.Title} has no ready endpoint: none of its {service.Pods.Count} Pods is ready.")
        {
            Evidence = [.. shown.Select(pod => $"{pod.Title}: {pod.Phase}, not ready{(pod.NodeName is null ? ", on no node" : $", on {pod.NodeName}")}"), .. shown.SelectMany(pod => pod.Troubles)],
            Fix = $"See why the Pods are not ready: kubectl -n {service.Namespace} describe pod {shown[0].Name}",
            Concerns = [.. service.Pods.Select(pod => pod.Title)],
            SymptomOf = [.. service.Pods.Select(Trouble.NotReady)],
        };
    }

    private static IEnumerable<Diagnosis> Target(ClusterView view, ServiceView service, ServicePortView port)
    {
        var about = service.Pods.Select(pod => pod.Title).ToList();
        if (port.TargetName is { } name)
        {
            if (service.Pods.All(pod => !port.TargetsOn(pod).Any()))
            {
                var other = service.Pods[0].Ports.FirstOrDefault(declared => declared.Name == name);
                yield return new(UnknownName, service.Source, other is null
                    ? $"{service.Title} port {port.Word} leads to port \"{name}\", which none of its Pods declares."
                    : $"{service.Title} port {port.Word} leads to port \"{name}\", which its Pods declare for {other.Protocol} only.")
                {
                    Evidence = [$"targetPort: {name}", Advice.Ports(service.Pods[0])],
                    Fix = other is null ? $"Name a port of the container \"{name}\" with protocol SCTP, or set targetPort to the number at which the server listens." : $"Declare the container's port \"{name}\" with protocol: SCTP.",
                    Concerns = about,
                };
            }

            yield break;
        }

        var number = port.TargetNumber!.Value;
        if (Listening(view, service, number) is { } deaf)
        {
            yield return deaf with { Concerns = about };
            yield break;
        }

        var read = service.Pods.Any(pod => view.Facts.Pod(pod.Namespace, pod.Name)?.Listeners is not null);
        if (!read && service.Pods.All(pod => pod.SctpPorts.Any() && !pod.Ports.Any(declared => declared.Number == number)))
        {
            var pod = service.Pods[0];
            yield return new(NotServed, service.Source, $"{service.Title} port {port.Word} leads to port {number}, and its Pods serve SCTP at {Advice.List(pod.SctpPorts.Select(served => $"{served}"))}.")
            {
                Evidence = [$"targetPort: {number}", Advice.Ports(pod)],
                Fix = pod.SctpPorts.Count() == 1 ? Advice.PatchPort(service, port, $"targetPort\",\"value\":{pod.SctpPorts.First()}") : "Set targetPort to the port at which the server listens.",
                Concerns = about,
            };
        }
    }

    private static Diagnosis? Listening(ClusterView view, ServiceView service, int number)
    {
        var read = service.Pods.Where(pod => !pod.IsTemplate && pod.Ready != false).Select(pod => (pod, facts: view.Facts.Pod(pod.Namespace, pod.Name))).Where(pair => pair.facts?.Listeners is not null).ToList();
        var deaf = read.Where(pair => pair.facts!.Listeners!.All(listener => listener.Port != number)).ToList();
        return deaf.Count == 0 ? null : new Diagnosis(NotServed, service.Source, $"{service.Title} leads to port {number}, at which {Advice.List(deaf.Select(pair => pair.pod.Title))} {(deaf.Count == 1 ? "has" : "have")} no SCTP listener.")
        {
            Evidence = [.. deaf.Take(5).Select(pair => $"{pair.pod.Title}: {(pair.facts!.Listeners!.Count == 0 ? "no SCTP listener at all" : $"listens at {Advice.List(pair.facts.Listeners.Select(listener => $"{listener.Port}"))}")} ({pair.facts.ReadBy}, /proc/net/sctp/eps)")],
            Fix = deaf[0].facts!.Listeners is [var only] ? $"Set targetPort to {only.Port}, or have the server listen at {number}." : $"Have the server listen at {number}; see its log: kubectl -n {service.Namespace} logs {deaf[0].pod.Name}",
            SymptomOf = [.. deaf.Select(pair => Trouble.Closed(pair.pod, number))],
        };
    }

    private static IEnumerable<Diagnosis> Stale(ClusterView view, ServiceView service)
    {
        var live = service.Pods.SelectMany(pod => pod.Addresses).ToHashSet(StringComparer.Ordinal);
        if (live.Count == 0)
        {
            yield break;
        }

        foreach (var slice in service.Slices)
        {
            var dead = slice.Document["endpoints"].Objects().Where(endpoint => endpoint["conditions"].Field("ready") is not { } ready || ready.IsTrue())
                .SelectMany(endpoint => ContainerView.Texts(endpoint["addresses"])).Where(address => !live.Contains(address) && view.PodAt(address) is null).Distinct().ToList();
            if (dead.Count > 0)
            {
                yield return new(StaleSlice, slice, $"{slice.Title} of {service.Title} leads to {Advice.List(dead)}, which is no Pod's address.")
                {
                    Evidence = [$"endpoints: {Advice.List(dead)}", $"addresses of the Service's Pods: {Advice.List(live)}", $"managed by: {slice.Label("endpointslice.kubernetes.io/managed-by") ?? "nobody (written by hand)"}"],
                    Fix = slice.Label("endpointslice.kubernetes.io/managed-by") is null ? $"kubectl -n {service.Namespace} delete endpointslice {slice.Name}" : "See whether kube-controller-manager runs and may write EndpointSlices.",
                    Concerns = [service.Title],
                };
            }
        }
    }
}
