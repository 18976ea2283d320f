using k8s.Models;
using Trunkline.Controllers.Client;

namespace Trunkline.Controllers.Endpoints;

/// <summary>A Pod behind a Service, by its address of one family.</summary>
internal sealed record EndpointCandidate(V1Pod Pod, string Family, string Ip, IReadOnlyList<ResolvedPort> Ports, bool Ready, bool Serving, bool Terminating)
{
    public string PortKey => string.Join(";", Ports.Select(p => $"{p.Name}|{p.Port}|{p.Protocol}|{p.AppProtocol}"));

    /// <summary>The Pods that a Service selects, that have an address and are not over; once for each of the Service's families in which they have one.</summary>
    public static List<EndpointCandidate> Of(V1Service service, IEnumerable<V1Pod> pods)
    {
        var families = AddressFamilies.Of(service);
        var early = service.Spec.PublishNotReadyAddresses == true;
        return
        [
            .. pods.Where(p => p.Metadata.NamespaceProperty == service.Metadata.NamespaceProperty
                    && LabelSelection.Matches(service.Spec.Selector, p.Metadata.Labels) && !p.IsFinished())
                .OrderBy(p => p.Metadata.CreationTimestamp).ThenBy(p => p.Metadata.Name, StringComparer.Ordinal)
                .SelectMany(p => families.Select(f => (Pod: p, Family: f, Ip: AddressFamilies.AddressOf(p, f))))
                .Where(p => p.Ip is not null)
                .Select(p => Make(p.Pod, p.Family, p.Ip!, service, early)),
        ];
    }

    // "ready" is never true of a Pod that ends, unless the Service wants all; "serving" is what the Pod itself says (endpointslice, podToEndpoint).
    private static EndpointCandidate Make(V1Pod pod, string family, string ip, V1Service service, bool early)
    {
        var (serving, terminating) = (pod.IsReady(), pod.IsDeleting());
        return new EndpointCandidate(pod, family, ip, PortResolver.Resolve(service, pod), early || (serving && !terminating), serving, terminating);
    }
}
